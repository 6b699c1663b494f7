# Records that are not personal data, field by field.

# Who oversees the work sees the anchor of every customer.
allow_field(actor: Staff, "read", _: Customer, field) if
    field in ["number", "status", "restricted", "createdAt", "consents", "tasks", "legalHolds", "breakGlasses",
              "requests", "instructions", "dictations"] and
    oversees(actor);

# Whoever works for a customer sees its anchor; a subcontractor learns neither what the customer consents to nor that
# processing is restricted.
allow_field(actor: Anyone, "read", customer: Customer, field) if
    field in ["number", "status", "createdAt", "tasks"] and
    works_for(actor, customer);
allow_field(actor: Staff, "read", customer: Customer, field) if
    field in ["restricted", "consents"] and
    works_for(actor, customer);

# Under which key another system knows a customer may be somebody's name: it is read by staff at work for that customer.
# Who oversees the work sees which systems these are. Nobody of a partner does.
allow_field(actor: Staff, "read", customer: Customer, "outsideKeys") if works_for(actor, customer);
allow_field(actor: Staff, "read", _: Customer, "outsideKeys") if oversees(actor);
allow_field(actor: Staff, "read", outside: OutsideKey, field) if
    field in ["source", "key"] and
    works_for(actor, outside.customer);
allow_field(actor: Staff, "read", _: OutsideKey, "source") if oversees(actor);

# Whoever may see a customer's number finds the customer by such a key, if they know all of it, as they do by the number.
allow(actor: Staff, "find_by_outside_key", customer: Customer) if works_for(actor, customer);
allow(actor: Staff, "find_by_outside_key", _: Customer) if oversees(actor);

# Who oversees the work sees every task, and not what was said of it.
allow_field(actor: Staff, "read", _: Task, field) if
    field in ["purpose", "status", "priority", "openedAt", "dueAt", "extendedAt", "handedBackAt", "closedAt", "outcome",
              "customer", "assignee", "client", "reviews"] and
    oversees(actor);

# Whoever carries a task sees it, to ask for more time or close it once its day is over; a subcontractor as long as its
# agreement is in force.
allow_field(actor: Staff, "read", task: Task, field) if
    field in ["purpose", "status", "priority", "openedAt", "dueAt", "extendedAt", "handedBackAt", "closedAt", "outcome",
              "customer", "assignee", "client", "reviews"] and
    task.assigneeId = actor.id and
    assignee_is_active(task);
allow_field(actor: Subcontractor, "read", task: Task, field) if
    field in ["purpose", "status", "priority", "openedAt", "dueAt", "extendedAt", "closedAt", "outcome", "customer",
              "assignee", "client"] and
    task.assigneeId = actor.id and
    assignee_is_active(task) and
    bound(actor, task, _);

# What was said of a task may name people: it is read by staff who carry it, for its purpose, as long as it opens anything
# and the customer lets us use the data.
allow_field(actor: Staff, "read", task: Task, field) if
    field in ["subject", "text"] and
    carries(actor, task) and
    unrestricted(task.customer);

# A subcontractor reads the subject, for a purpose that its agreement names.
allow_field(actor: Subcontractor, "read", task: Task, "subject") if
    carries(actor, task) and
    unrestricted(task.customer) and
    bound(actor, task, agreement) and
    term in agreement.terms and
    term.purpose = task.purpose;

# Whoever opened a task sees what it is for, until when, and whether it is open; not of whom, nor who carries it.
allow_field(actor: Staff, "read", task: Task, field) if
    field in ["purpose", "status", "priority", "openedAt", "dueAt"] and
    task.openedById = actor.id;

# Customers see the tasks about them with all that was said, until when each opens something, and what of their own asked
# for it.
allow_field(actor: Person, "read", task: Task, field) if
    field in ["purpose", "status", "priority", "subject", "text", "openedAt", "dueAt", "extendedAt", "handedBackAt",
              "closedAt", "outcome", "occasion", "customer", "reviews"] and
    task.customerId = actor.customerId;

# So does the privacy officer; nobody else learns from a task what there is of a customer.
allow_field(actor: Staff, "read", _: Task, "occasion") if "privacy_officer" in actor.roles;

# Staff at work for a customer see what of its data was confirmed to be right, and the way to what it asks for, to what
# was said of its consents, and to what they wrote on its word.
allow_field(actor: Staff, "read", attestation: Attestation, field) if
    field in ["category", "revision", "at"] and
    works_with(actor, attestation.customer, attestation.category, _);
allow_field(actor: Staff, "read", customer: Customer, field) if
    field in ["attestations", "requests", "instructions", "dictations"] and
    works_for(actor, customer);

# Consents are seen by the customer who gave them.
allow_field(actor: Person, "read", consent: Consent, field) if
    field in ["category", "purpose", "state", "evidence", "collectionMethod", "confirmation", "expiresAt", "createdAt",
              "notice", "customer", "receipts"] and
    consent.customerId = actor.customerId;

# Privacy officers see every consent.
allow_field(actor: Staff, "read", _: Consent, field) if
    field in ["category", "purpose", "state", "evidence", "collectionMethod", "confirmation", "recordedBy", "expiresAt",
              "createdAt", "notice", "customer", "receipts"] and
    "privacy_officer" in actor.roles;

# Privacy officers see who has looked at whose data.
allow_field(actor: Staff, "read", _: Access, field) if
    field in ["at", "actorKind", "actorRoles", "purposes", "fields", "foundBy", "explained", "taskIds",
              "breakGlassIds"] and
    "privacy_officer" in actor.roles;

# Staff at work for a customer see the consents that concern their task: for its purpose, and to what that needs; and who
# recorded one that waits for confirmation. They do not see how these can be demonstrated.
allow_field(actor: Staff, "read", consent: Consent, field) if
    field in ["category", "purpose", "state", "recordedBy", "expiresAt", "notice", "customer"] and
    works_with(actor, consent.customer, consent.category, consent.purpose);

# Receipts are read by the customer they were made for, and by privacy officers.
allow_field(actor: Person, "read", receipt: Receipt, field) if
    field in ["state", "madeAt", "digest", "json", "html"] and
    receipt.customerId = actor.customerId;
allow_field(actor: Staff, "read", _: Receipt, field) if
    field in ["state", "madeAt", "digest", "json", "html"] and
    "privacy_officer" in actor.roles;

# Notices are for everybody.
allow_field(_: Anyone, "read", _: Notice, field) if
    field in ["purpose", "language", "version", "text", "digest", "createdAt"];

# Colleagues and partners are known to all staff.
allow_field(_: Staff, "read", _: Employee, field) if
    field in ["name", "roles"];
allow_field(_: Staff, "read", _: EmployeeRole, field) if
    field in ["role"];
allow_field(_: Staff, "read", _: PartnerClient, field) if
    field in ["name", "partner"];
allow_field(_: Staff, "read", _: Partner, field) if
    field in ["name", "active"];

# Whether they may sign in is seen by who gives tasks, who looks after people and who oversees both: these list them.
allow_field(actor: Staff, "read", _: Employee, "active") if lists_people(actor);
allow_field(actor: Staff, "read", _: PartnerClient, "active") if lists_people(actor);

# How much they have to do is seen by who oversees the work.
allow_field(actor: Staff, "read", _: Employee, field) if
    field in ["openTasks", "overdueTasks"] and
    oversees(actor);
allow_field(actor: Staff, "read", _: PartnerClient, field) if
    field in ["openTasks", "overdueTasks"] and
    oversees(actor);

# A subcontractor sees itself, as long as we work with it.
allow_field(actor: Subcontractor, "read", client: PartnerClient, field) if
    field in ["name", "partner"] and
    client.actorId = actor.id and
    client.actor.active = true and
    client.partner.active = true;
allow_field(actor: Subcontractor, "read", partner: Partner, field) if
    field in ["name", "active"] and
    partner.id = actor.partnerId and
    partner.active = true;

# Legal holds are seen by the customer and by privacy officers.
allow_field(actor: Person, "read", hold: LegalHold, field) if
    field in ["category", "reason", "basis", "placedAt", "until", "endedAt", "erasedAt"] and
    hold.customerId = actor.customerId;
allow_field(actor: Staff, "read", _: LegalHold, field) if
    field in ["category", "reason", "basis", "placedAt", "until", "endedAt", "erasedAt"] and
    "privacy_officer" in actor.roles;

# Where the server decided otherwise than plain Oso is told to privacy officers.
allow_field(actor: Staff, "read", _: Difference, field) if
    field in ["field", "granted", "policy", "seenIn", "foundAt", "notifiedAt", "settledAt", "settlement"] and
    "privacy_officer" in actor.roles;

# Who looked up what was not found is told to privacy officers.
allow_field(actor: Staff, "read", _: MissedLookup, field) if
    field in ["at", "actorKind", "purposes", "lookups", "asked", "found", "counted", "alarm", "refusedUntil",
              "notifiedAt", "employee", "client", "customer"] and
    "privacy_officer" in actor.roles;

# So are look-ups at the front desk.
allow_field(actor: Staff, "read", _: DeskLookup, field) if
    field in ["at", "way", "found", "counted", "alarm", "notifiedAt", "employee"] and
    "privacy_officer" in actor.roles;

# What partners owe is seen by them, each its own, and by privacy officers.
allow_field(actor: Subcontractor, "read", obligation: Obligation, field) if
    field in ["kind", "customerId", "category", "recordId", "createdAt", "dueAt", "acknowledgedAt"] and
    obligation.partnerId = actor.partnerId and
    obligation.partner.active = true;
allow_field(actor: Staff, "read", _: Obligation, field) if
    field in ["kind", "customerId", "category", "recordId", "createdAt", "dueAt", "acknowledgedAt", "partner"] and
    "privacy_officer" in actor.roles;

# Customers see which partners were told to do something about their data, and whether they have.
allow_field(actor: Person, "read", obligation: Obligation, field) if
    field in ["kind", "customerId", "category", "recordId", "createdAt", "dueAt", "acknowledgedAt", "partner"] and
    obligation.customerId = actor.customerId;
allow_field(actor: Person, "read", partner: Partner, "name") if
    obligation in partner.obligations and
    obligation.customerId = actor.customerId;
