# A customer's own data.

# What hangs on my own customer record is mine.
is_own(actor, record) if
    record.customerId = actor.customerId;

# I see who has looked at my data, or asked who may, by role and not by name.
allow_field(actor: Person, "read", access: Access, field) if
    field in ["at", "actorKind", "actorRoles", "purposes", "fields", "foundBy", "explained", "taskIds",
              "breakGlassIds"] and
    is_own(actor, access);

# I see my own record, and the way to every category of my data.
allow_field(actor: Person, "read", customer: Customer, field) if
    field in ["number", "status", "restricted", "createdAt", "consents", "tasks", "legalHolds", "breakGlasses",
              "messages", "attestations", "requests", "instructions", "dictations", "scans"] and
    customer.id = actor.customerId;
allow_field(actor: Person, "read", customer: Customer, field) if
    leads_to(field, _) and
    customer.id = actor.customerId;

# I see under which keys other systems know me.
allow_field(actor: Person, "read", customer: Customer, "outsideKeys") if customer.id = actor.customerId;
allow_field(actor: Person, "read", outside: OutsideKey, field) if
    field in ["source", "key"] and
    is_own(actor, outside);

# I see what of my data was confirmed to be right, and in which revision.
allow_field(actor: Person, "read", attestation: Attestation, field) if
    field in ["category", "revision", "at"] and
    is_own(actor, attestation);

# I see which messages went to me, and which could not.
allow_field(actor: Person, "read", message: Message, field) if
    field in ["template", "channel", "state", "queuedAt", "finishedAt", "code"] and
    is_own(actor, message);

# I read here what had nowhere else to go. What is on its way elsewhere may be a code, which shows that it arrived.
allow_field(actor: Person, "read", message: Message, field) if
    field in ["subject", "text"] and
    is_own(actor, message) and
    message.channel = "ACCOUNT";
