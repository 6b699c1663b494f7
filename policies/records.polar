# Records that are not personal data, field by field.

# Staff see the anchor of a customer they carry a task for; who oversees sees every anchor.
allow_field(actor: Staff, "read", _: Customer, field) if
    field in ["number", "status", "restricted", "createdAt", "consents", "tasks"] and
    oversees(actor);
allow_field(actor: Asker, "read", customer: Customer, field) if
    field in ["number", "status", "restricted", "createdAt", "consents", "tasks"] and
    works_for(actor, customer);

# Whoever carries a task sees it; managers and privacy officers see every task; customers see those about them.
allow_field(actor: Staff, "read", _: Task, field) if
    field in ["purpose", "status", "openedAt", "dueAt", "closedAt", "outcome", "customer", "assignee", "client"] and
    oversees(actor);
allow_field(actor: Staff, "read", task: Task, field) if
    field in ["purpose", "status", "openedAt", "dueAt", "closedAt", "outcome", "customer", "assignee", "client"] and
    task.assigneeId = actor.id;
allow_field(actor: Subcontractor, "read", task: Task, field) if
    field in ["purpose", "status", "openedAt", "dueAt", "closedAt", "outcome", "customer", "assignee", "client"] and
    task.assigneeId = actor.id and
    bound(actor, task, _);
allow_field(actor: Person, "read", task: Task, field) if
    field in ["purpose", "status", "openedAt", "dueAt", "closedAt", "outcome", "customer"] and
    task.customerId = actor.customerId;

# Consents are seen by the customer who gave them, by those who oversee, and by staff at work for that customer.
allow_field(actor: Person, "read", consent: Consent, field) if
    field in ["category", "purpose", "state", "evidence", "expiresAt", "createdAt", "notice", "customer"] and
    consent.customerId = actor.customerId;
allow_field(actor: Staff, "read", _: Consent, field) if
    field in ["category", "purpose", "state", "evidence", "expiresAt", "createdAt", "notice", "customer"] and
    "privacy_officer" in actor.roles;
allow_field(actor: Staff, "read", consent: Consent, field) if
    field in ["category", "purpose", "state", "expiresAt", "notice", "customer"] and
    works_for(actor, consent.customer);

# Notices are for everybody.
allow_field(_: Asker, "read", _: Notice, field) if
    field in ["purpose", "language", "version", "text", "digest", "createdAt"];

# Companies, colleagues and partners are known to all staff.
allow_field(_: Staff, "read", _: Company, field) if
    field in ["name", "parent", "subsidiaries", "createdAt"];
allow_field(_: Staff, "read", _: Employee, field) if
    field in ["name", "roles"];
allow_field(_: Staff, "read", _: EmployeeRole, field) if
    field in ["role"];
allow_field(_: Staff, "read", _: PartnerClient, field) if
    field in ["name", "partner"];
allow_field(_: Staff, "read", _: Partner, field) if
    field in ["name", "active"];

# A subcontractor sees itself.
allow_field(actor: Subcontractor, "read", client: PartnerClient, field) if
    field in ["name", "partner"] and
    client.actorId = actor.id;
allow_field(actor: Subcontractor, "read", partner: Partner, field) if
    field in ["name", "active"] and
    partner.id = actor.partnerId;
