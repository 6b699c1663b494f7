# Scans of letters: who hands one in, who reads it, and who sees that there is one.

# Whoever recorded what a letter asks for hands the scan in, as long as that is not decided; part by part, until it is whole.
allow(actor: Staff, "begin_scan", instruction: Instruction) if
    instruction.recordedById = actor.id and
    instruction.state = "WAITING";
allow(actor: Staff, "begin_scan", request: Request) if
    request.recordedById = actor.id and
    request.state in ["RECEIVED", "EXTENDED"];
allow(actor: Staff, "append", scan: Scan) if
    scan.addedById = actor.id and
    scan.state = "INCOMPLETE";

# It is read by who decides on what the letter asks for, by the privacy officer, and by the customer. Whoever handed it in
# has the letter.
allow(actor: Staff, "open", scan: Scan) if decides_by(actor, scan);
allow(actor: Person, "open", scan: Scan) if is_own(actor, scan);

decides_by(actor, scan) if
    instruction in scan.instructions and
    decides_instruction(actor, instruction);
decides_by(actor, scan) if
    request in scan.requests and
    decides_on(actor, request);
decides_by(actor, _scan) if "privacy_officer" in actor.roles;

# One that came with the wrong letter is deleted by the privacy officer.
allow(actor: Staff, "remove", _: Scan) if "privacy_officer" in actor.roles;

# That there is one is seen by them, and by whoever handed it in.
allow_field(actor: Staff, "read", scan: Scan, field) if
    of_scan(field) and
    scan.addedById = actor.id;
allow_field(actor: Staff, "read", scan: Scan, field) if
    of_scan(field) and
    decides_by(actor, scan);
allow_field(actor: Person, "read", scan: Scan, field) if
    field in ["kind", "state", "size", "received", "begunAt", "endsAt"] and
    is_own(actor, scan);

of_scan(field) if field in ["kind", "state", "size", "received", "begunAt", "addedBy", "endsAt"];
