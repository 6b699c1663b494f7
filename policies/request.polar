# What customers ask to be put right: who may ask, who sees it, and who decides.

# Customers ask about their own data, and take back what they asked.
allow(actor: Person, "submit_request", customer: Customer) if customer.id = actor.customerId;
allow(actor: Person, "submit_sealed_request", customer: Customer) if customer.id = actor.customerId;
allow(actor: Person, "withdraw", request: Request) if is_own(actor, request);

# What came on paper is recorded by staff whose task needs the category, and by the privacy officer; this is asked of it as it is
# then. Before, it is asked whether they work for the customer at all.
allow(actor: Staff, "record_request", customer: Customer) if works_for(actor, customer);
allow(actor: Staff, "record_request", _: Customer) if "privacy_officer" in actor.roles;
allow(actor: Staff, "record", request: Request) if
    request.recordedById = actor.id and
    works_with(actor, request.customer, request.category, _);
allow(actor: Staff, "record", request: Request) if
    request.recordedById = actor.id and
    "privacy_officer" in actor.roles;

# What the customer asked is granted as it is; what came on paper only where it was asked back, or documents show whose it is.
allow(_: Staff, "rely_on", request: Request) if request.recordedById = nil;
allow(_: Staff, "rely_on", request: Request) if request.proof in ["REACHED", "IAL2", "IAL3"];

# What can be asked for: the categories that customers cannot change themselves.
put_right("identity_evidence");
put_right("personal_code");
put_right("interaction");
put_right("order");
put_right("payment_card");
put_right("health_record");

# What can be asked for by letter besides: what customers who sign in change themselves.
changed_alone("identity");
changed_alone("contact_point");
changed_alone("postal_address");
changed_alone("preference");

can_be_put_right(request, category) if
    put_right(category) and
    request.category = category;
can_be_put_right(request, category) if
    changed_alone(category) and
    request.category = category and
    request.recordedById != nil;

# Deciding takes what reading the row takes: an open task whose purpose needs the category, the customer's consent to
# that category for that purpose, and data that are not restricted. Nobody decides what they recorded.
decides_on(actor: Staff, request) if
    request.recordedById != actor.id and
    can_be_put_right(request, category) and
    customer = request.customer and
    carries_task(actor, customer, task) and
    needs(task.purpose, category) and
    consented(actor, customer, category, task.purpose) and
    unrestricted(customer);

allow(actor: Staff, "grant", request: Request) if decides_on(actor, request);
allow(actor: Staff, "refuse", request: Request) if decides_on(actor, request);
allow(actor: Staff, "extend", request: Request) if decides_on(actor, request);

# The privacy officer may refuse it or put it off, so that no day passes; only who sees the data puts them right. A
# restriction does not stop that: the customer has asked and is answered, and no data are used for it.
allow(actor: Staff, "refuse", request: Request) if
    "privacy_officer" in actor.roles and
    request.recordedById != actor.id;
allow(actor: Staff, "extend", request: Request) if
    "privacy_officer" in actor.roles and
    request.recordedById != actor.id;

# What is asked for, and why it was decided so, is read by who may decide it.
allow_field(actor: Staff, "read", request: Request, field) if
    field in ["field", "wanted", "reason", "extensionReason", "decisionReason", "evidence"] and
    decides_on(actor, request);

# That a request waits, and until when, is seen by whose task needs the category that it is about, and by the privacy officer.
allow_field(actor: Staff, "read", request: Request, field) if
    waiting(field) and
    works_with(actor, request.customer, request.category, _);
allow_field(actor: Staff, "read", _: Request, field) if
    waiting(field) and
    "privacy_officer" in actor.roles;
allow_field(actor: Staff, "read", _: Request, "obligations") if "privacy_officer" in actor.roles;

# Who decided sees that it is decided, though the task is closed.
allow_field(actor: Staff, "read", request: Request, field) if
    waiting(field) and
    request.decidedById = actor.id;

# Who recorded it sees how far it has come, though the task is closed, or there was none.
allow_field(actor: Staff, "read", request: Request, field) if
    field in ["customer", "kind", "category", "state", "receivedAt", "dueAt", "overdue", "extendedAt", "decidedAt",
              "medium", "proof", "scans"] and
    request.recordedById = actor.id;

waiting(field) if
    field in ["customer", "kind", "category", "recordId", "state", "receivedAt", "dueAt", "overdue", "extendedAt",
              "decidedAt", "decidedBy", "decidedRoles", "recordedBy", "medium", "proof", "scans"];

# Customers see what they asked, how far it has come, and in which role it was decided.
allow_field(actor: Person, "read", request: Request, field) if
    field in ["customer", "kind", "category", "recordId", "field", "wanted", "reason", "state", "receivedAt", "dueAt",
              "overdue", "extendedAt", "extensionReason", "decidedAt", "decidedRoles", "decisionReason", "obligations",
              "medium", "proof", "evidence", "scans"] and
    is_own(actor, request);
