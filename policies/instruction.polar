# Ending a consent on a customer's behalf: who records that it is wanted, who sees it, and which second person decides.

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

# The privacy officer records any.
allow(actor: Staff, "record", instruction: Instruction) if
    "privacy_officer" in actor.roles and
    instruction.recordedById = actor.id;

# A second person approves it or refuses: a manager, unless a special category is concerned, or the privacy officer.
allow(actor: Staff, "approve", instruction: Instruction) if decides_instruction(actor, instruction);
allow(actor: Staff, "refuse", instruction: Instruction) if decides_instruction(actor, instruction);

decides_instruction(actor, instruction) if
    "privacy_officer" in actor.roles and
    instruction.recordedById != actor.id;
decides_instruction(actor, instruction) if
    "manager" in actor.roles and
    instruction.recordedById != actor.id and
    instruction.special = false;

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
              "overdue", "decidedAt"];

# Staff see who recorded it and who decided; the customer does not.
allow_field(actor: Staff, "read", instruction: Instruction, field) if
    field in ["recordedBy", "decidedBy"] and
    oversees_instruction(actor, instruction);

# By which instruction a consent is suspended is seen by the customer, and by the privacy officer.
allow_field(actor: Person, "read", consent: Consent, "suspendedBy") if consent.customerId = actor.customerId;
allow_field(actor: Staff, "read", _: Consent, "suspendedBy") if "privacy_officer" in actor.roles;
