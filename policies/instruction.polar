# What is recorded on a customer's behalf: who records that a consent is to end, or that the customer exercises a right on
# paper, who sees it, and which second person decides.

# The customer ends consents alone and at once. What anybody else says is recorded, suspends the consents, and waits.
allow(actor: Person, "end_alone", consent: Consent) if consent.customerId = actor.customerId;
allow(actor: Person, "end_alone", customer: Customer) if customer.id = actor.customerId;

# What is recorded is judged as it would be: staff at work for the customer record what the customer wants for the purpose
# of their task, and nothing wider.
allow(actor: Staff, "record", instruction: Instruction) if
    instruction.recordedById = actor.id and
    instruction.kind in ["WITHDRAW", "OBJECT"] and
    carries_task(actor, instruction.customer, task) and
    task.purpose = instruction.consentPurpose;

# A right that concerns all data is recorded by whoever works for the customer. It may come by letter, whatever the task is for.
allow(actor: Staff, "record", instruction: Instruction) if
    instruction.recordedById = actor.id and
    instruction.kind in ["ACCESS", "EXPORT", "RESTRICT", "LEAVE"] and
    works_for(actor, instruction.customer);

# Before it is written, it is asked whether there is anything of this customer to record at all.
allow(actor: Staff, "record_instruction", customer: Customer) if works_for(actor, customer);
allow(actor: Staff, "record_instruction", _: Customer) if "privacy_officer" in actor.roles;

# How surely it was the customer is recorded by the same people, and may be found out later.
allow(actor: Staff, "prove", instruction: Instruction) if works_for(actor, instruction.customer);
allow(actor: Staff, "prove", _: Instruction) if "privacy_officer" in actor.roles;

# The privacy officer records any.
allow(actor: Staff, "record", instruction: Instruction) if
    "privacy_officer" in actor.roles and
    instruction.recordedById = actor.id;

# A second person approves it or refuses: a manager, unless a special category is concerned, or the privacy officer.
allow(actor: Staff, "approve", instruction: Instruction) if decides_instruction(actor, instruction);
allow(actor: Staff, "refuse", instruction: Instruction) if decides_instruction(actor, instruction);

# So the same people put the deadline off, have an archive delivered again, and hand a code over.
allow(actor: Staff, "extend", instruction: Instruction) if decides_instruction(actor, instruction);
allow(actor: Staff, "deliver", instruction: Instruction) if decides_instruction(actor, instruction);
allow(actor: Staff, "hand_over", instruction: Instruction) if decides_instruction(actor, instruction);

# Nobody decides who recorded it, or said how surely it was the customer.
decides_instruction(actor, instruction) if
    "privacy_officer" in actor.roles and
    instruction.recordedById != actor.id and
    instruction.provedById != actor.id;
decides_instruction(actor, instruction) if
    "manager" in actor.roles and
    instruction.recordedById != actor.id and
    instruction.provedById != actor.id and
    instruction.special = false;

# How surely it has to have been the customer. What only takes away needs the word alone; what erases everything takes asking
# back at an address that was verified before, and what gives everything out takes documents.
allow(_: Staff, "rely_on", instruction: Instruction) if
    instruction.kind in ["WITHDRAW", "OBJECT", "REVOKE", "INVALIDATE", "RESTRICT"];
allow(_: Staff, "rely_on", instruction: Instruction) if
    instruction.kind = "LEAVE" and
    instruction.proof in ["REACHED", "IAL2", "IAL3"];
allow(_: Staff, "rely_on", instruction: Instruction) if
    instruction.kind in ["ACCESS", "EXPORT"] and
    instruction.proof in ["IAL2", "IAL3"];

# Who leaves was told, and has three days to contradict before everything is erased.
allow(_: Staff, "carry_out", instruction: Instruction) if instruction.kind != "LEAVE";
allow(actor: Staff, "carry_out", instruction: Instruction) if
    instruction.kind = "LEAVE" and
    instruction.recordedAt < actor.ago("3 days");

# An archive is delivered to no contact point that somebody who takes part wrote down or verified. This is asked of each of
# them.
allow(actor: Staff, "deliver_to", point: ContactPoint) if
    point.collectedBy != actor.id and
    point.verifiedBy != actor.id;

# It is fetched without signing in, by whoever has the link and the code, until the day that was told.
allow(actor: Stranger, "fetch", instruction: Instruction) if
    instruction.state = "CARRIED_OUT" and
    instruction.linkEndsAt > actor.now;

# The customer contradicts what others said.
allow(actor: Person, "contradict", instruction: Instruction) if is_own(actor, instruction);

# It is seen by the customer, by whoever recorded it, and by whoever may decide on such.
allow_field(actor: Person, "read", instruction: Instruction, field) if
    of_instruction(field) and
    is_own(actor, instruction);
allow_field(actor: Staff, "read", instruction: Instruction, field) if
    of_instruction(field) and
    oversees_instruction(actor, instruction);

oversees_instruction(actor, instruction) if instruction.recordedById = actor.id;
oversees_instruction(actor, _instruction) if "privacy_officer" in actor.roles;
oversees_instruction(actor, instruction) if "manager" in actor.roles and instruction.special = false;

of_instruction(field) if
    field in ["customer", "kind", "consentCategory", "consentPurpose", "evidence", "state", "recordedAt", "dueAt",
              "overdue", "decidedAt", "medium", "receivedAt", "proof", "proofEvidence", "suppress", "extendedAt",
              "extensionReason", "decisionReason", "sentAt", "linkEndsAt", "fetchedAt", "scans"];

# Staff see who recorded it and who decided; the customer does not.
allow_field(actor: Staff, "read", instruction: Instruction, field) if
    field in ["recordedBy", "decidedBy"] and
    oversees_instruction(actor, instruction);

# By which instruction a consent is suspended is seen by the customer, and by the privacy officer.
allow_field(actor: Person, "read", consent: Consent, "suspendedBy") if consent.customerId = actor.customerId;
allow_field(actor: Staff, "read", _: Consent, "suspendedBy") if "privacy_officer" in actor.roles;
