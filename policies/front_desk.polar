# The front desk: somebody who calls or comes and does not know their customer number is found, and what they came for is
# begun. Who finds somebody sees the number and nothing else.

# Customers are looked up by whoever is at the desk, who asks as themselves; by nobody of a partner.
allow(actor: Staff, "make_desk_lookup", employee: Employee) if
    employee.actorId = actor.id and
    "front_desk" in actor.roles;

# Whoever has not left is found. A restriction hides nobody: who comes may want to lift it, and a number is not used by that.
allow(actor: Staff, "find", customer: Customer) if
    "front_desk" in actor.roles and
    has_not_left(customer);

# For an hour the desk is occupied with whom it found.
found_lately(actor: Staff, customer) if
    "front_desk" in actor.roles and
    finding in customer.findings and
    finding.actorId = actor.id and
    finding.at > actor.ago("1 hour");

# It opens a task for them that a manager gives to somebody, for what people come to the desk for.
allow(actor: Staff, "open_task", customer: Customer) if
    found_lately(actor, customer) and
    has_not_left(customer) and
    unrestricted(customer);
allow(actor: Staff, "open", task: Task) if
    found_lately(actor, task.customer) and
    the_desk_opens(task.purpose);

the_desk_opens("support");
the_desk_opens("verification");
the_desk_opens("billing");

# It records the rights that people exercise by letter, by telephone or in person, and what they want put right, as staff with
# a task do; a restriction stops none of that. It decides nothing, and sees nothing but what it recorded itself.
allow(actor: Staff, "record_instruction", customer: Customer) if
    found_lately(actor, customer) and
    has_not_left(customer);
allow(actor: Staff, "record", instruction: Instruction) if
    instruction.recordedById = actor.id and
    instruction.kind in ["ACCESS", "EXPORT", "RESTRICT", "LEAVE", "WITHDRAW", "OBJECT"] and
    found_lately(actor, instruction.customer);
allow(actor: Staff, "prove", instruction: Instruction) if
    instruction.recordedById = actor.id and
    found_lately(actor, instruction.customer);
allow(actor: Staff, "record_request", customer: Customer) if
    found_lately(actor, customer) and
    has_not_left(customer);
allow(actor: Staff, "record", request: Request) if
    request.recordedById = actor.id and
    request.recordId = nil and
    found_lately(actor, request.customer);

# Nothing is opened to whoever is at the desk: they are given no task, and nobody lets them break glass. Who is to carry
# tasks, too, has another account for that.
is_at_the_desk(account) if
    employee in account.employees and
    assignment in employee.roles and
    assignment.role = "front_desk";
