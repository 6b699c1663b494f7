# Who may run which procedure.
#
# A restriction binds us: what staff begin, record or verify of a customer needs `unrestricted`, or a sentence says why
# not. It does not bind customers, who do with their own data as they like, nor what only takes away or answers them.

# A task is opened by a manager, by staff already at work for that customer, or by the customer; for nobody who has left.
# Work on restricted data is begun by nobody but the customer.
allow(actor: Staff, "open_task", customer: Customer) if
    "manager" in actor.roles and
    has_not_left(customer) and
    unrestricted(customer);
allow(actor: Staff, "open_task", customer: Customer) if
    works_for(actor, customer) and
    has_not_left(customer) and
    unrestricted(customer);
allow(actor: Person, "open_task", customer: Customer) if
    customer.id = actor.customerId and
    has_not_left(customer);

# For what it is opened is asked of the task as it is once it was opened, and what is refused is undone: the front desk
# opens tasks for what people come there for, all others for anything.
allow(actor: Staff, "open", _: Task) if "manager" in actor.roles;
allow(actor: Staff, "open", task: Task) if works_for(actor, task.customer);
allow(actor: Person, "open", task: Task) if task.customerId = actor.customerId;

# A task is given to somebody by a manager.
allow(actor: Staff, "assign", task: Task) if
    "manager" in actor.roles and
    unrestricted(task.customer);

# The day until which it opens something is put off by a manager, never one's own.
allow(actor: Staff, "extend", task: Task) if
    "manager" in actor.roles and
    task.assigneeId != actor.id and
    unrestricted(task.customer);

# What is said of it, and how urgent it is, is changed by a manager, or by whoever carries it.
allow(actor: Staff, "change", task: Task) if
    "manager" in actor.roles and
    unrestricted(task.customer);
allow(actor: Staff, "change", task: Task) if
    carries(actor, task) and
    unrestricted(task.customer);

# It is given without being looked at afterwards where something of the customer's own asks for the work, and no manager
# gives it to a manager. Every other one is reviewed: `reviews.polar`.
allow(actor: Staff, "assign_unreviewed", task: Task) if
    "manager" in actor.roles and
    task.occasion != nil and
    not among_managers(actor, task);

among_managers(actor, task) if
    "manager" in actor.roles and
    account in task.assignees and
    employee in account.employees and
    assignment in employee.roles and
    assignment.role = "manager";

# It is given to somebody else, who can carry it: this is asked of the task as it is with its new assignee, and what is
# refused is undone.
allow(actor: Staff, "assign_to", task: Task) if
    "manager" in actor.roles and
    task.assigneeId != actor.id and
    can_carry(actor, task);

# An active employee can carry a task, who is not at the front desk.
can_carry(_, task) if
    account in task.assignees and
    is_active_employee(account);

is_active_employee(account) if
    account.kind = "EMPLOYEE" and
    account.active = true and
    not is_at_the_desk(account);

# So can an active client of a partner, under an agreement that binds the partner for the task's purpose.
can_carry(actor, task) if
    account in task.assignees and
    account.active = true and
    client in account.partnerClients and
    agreement in task.agreements and
    agreement.partnerId = client.partnerId and
    binds(actor, agreement) and
    term in agreement.terms and
    term.purpose = task.purpose;

# A task stays with whoever has it as long as it could be given to them. This is asked of them whenever they are deactivated
# or their roles change; what they can carry no longer goes back to the managers, in the same transaction.
allow(actor: Anyone, "keep", task: Task) if
    task.assigneeId = actor.id and
    can_carry(actor, task);

# A manager sees whom a task for a purpose could be given to, which is the purpose that is stated while this is asked.
allow(actor: Staff, "list_assignees", employee: Employee) if
    employee.actorId = actor.id and
    "manager" in actor.roles;
allow(actor: Staff, "could_assign_to", account: Account) if
    "manager" in actor.roles and
    account.id != actor.id and
    is_active_employee(account);
allow(actor: Staff, "could_assign_to", account: Account) if
    "manager" in actor.roles and
    account.active = true and
    client in account.partnerClients and
    agreement in client.partner.agreements and
    binds(actor, agreement) and
    term in agreement.terms and
    term.purpose = actor.purpose;

# A task is closed by whoever carries it, or by a manager, whether or not its day is over or processing is restricted: a
# closed task opens nothing.
allow(actor: Staff, "close", _: Task) if "manager" in actor.roles;
allow(actor: Staff, "close", task: Task) if task.assigneeId = actor.id and assignee_is_active(task);
allow(actor: Subcontractor, "close", task: Task) if
    task.assigneeId = actor.id and
    assignee_is_active(task) and
    bound(actor, task, _);

# Withdrawing is never harder than giving. The customer's own is carried out at once; what staff at work for the customer
# and the privacy officer say is recorded, and waits for a second person (`instruction.polar`).
allow(actor: Person, "withdraw", consent: Consent) if consent.customerId = actor.customerId;
allow(actor: Staff, "withdraw", consent: Consent) if works_for(actor, consent.customer);
allow(actor: Staff, "withdraw", _: Consent) if "privacy_officer" in actor.roles;
allow(actor: Person, "withdraw_consents", customer: Customer) if customer.id = actor.customerId;
allow(actor: Staff, "withdraw_consents", customer: Customer) if works_for(actor, customer);
allow(actor: Staff, "withdraw_consents", _: Customer) if "privacy_officer" in actor.roles;

# To whom data were given is told, restricted or not, to the customer, and to the privacy officer.
allow(actor: Person, "list_recipients", customer: Customer) if customer.id = actor.customerId;
allow(actor: Staff, "list_recipients", _: Customer) if "privacy_officer" in actor.roles;

# Who could read a field of a customer's data now is told to the privacy officer; no value is read for that.
allow(actor: Staff, "list_readers", _: Customer) if "privacy_officer" in actor.roles;

# Leaving is the customer's own decision, and nobody else's.
allow(actor: Person, "begin_withdrawal", customer: Customer) if customer.id = actor.customerId;
allow(actor: Person, "preview_withdrawal", customer: Customer) if customer.id = actor.customerId;

# Everything that is kept about a customer is taken along by the customer, who can still sign in, and by nobody else.
allow(actor: Person, "begin_export", customer: Customer) if exports(actor, customer);
allow(actor: Person, "download_export", customer: Customer) if exports(actor, customer);

exports(actor: Person, customer) if
    customer.id = actor.customerId and
    account in customer.actors and
    account.active = true;

# Privacy officers say what the law forbids to erase, and when it no longer does; the law does so whatever the customer wishes.
allow(actor: Staff, "place_legal_hold", _: Customer) if "privacy_officer" in actor.roles;
allow(actor: Staff, "end", _: LegalHold) if "privacy_officer" in actor.roles;

# They give what is held back to whoever may ask for it by law, at the machine itself.
allow(actor: Staff, "disclose", _: LegalHold) if "privacy_officer" in actor.roles and actor.channel = "CONSOLE";

# Privacy officers look at what the server decided otherwise than plain Oso, and open again what was closed for it.
allow(actor: Staff, "settle", _: Difference) if "privacy_officer" in actor.roles;

# A partner says that it has done what it owed: erased, or put right. It owes that to a customer who restricted processing, too.
allow(actor: Subcontractor, "acknowledge", obligation: Obligation) if
    obligation.partnerId = actor.partnerId and
    obligation.partner.active = true;

# Objecting to a purpose is the customer's; staff at work for the customer and the privacy officer record it, as for a
# withdrawal.
allow(actor: Person, "object", customer: Customer) if customer.id = actor.customerId;
allow(actor: Staff, "object", customer: Customer) if works_for(actor, customer);
allow(actor: Staff, "object", _: Customer) if "privacy_officer" in actor.roles;

# Customers write what they can tell of themselves, and take it away again.
allow(actor: Person, "add_contact_point", customer: Customer) if customer.id = actor.customerId;
allow(actor: Person, "add_postal_address", customer: Customer) if customer.id = actor.customerId;
allow(actor: Person, "add_preference", customer: Customer) if customer.id = actor.customerId;
allow(actor: Person, "change_identity", customer: Customer) if customer.id = actor.customerId;
allow(actor: Person, "change", point: ContactPoint) if is_own(actor, point) and kept_lawfully(point);
allow(actor: Person, "change", address: PostalAddress) if is_own(actor, address) and kept_lawfully(address);
allow(actor: Person, "change", preference: Preference) if is_own(actor, preference) and kept_lawfully(preference);
allow(actor: Person, "remove", point: ContactPoint) if is_own(actor, point);
allow(actor: Person, "remove", address: PostalAddress) if is_own(actor, address);
allow(actor: Person, "remove", preference: Preference) if is_own(actor, preference);

# That data are kept and not used is the customer's to say, and only the customer lifts it. What others say of it is recorded,
# told, and waits for a second person, as every right on paper (`instruction.polar`).
allow(actor: Person, "begin_restriction", customer: Customer) if customer.id = actor.customerId;
allow(actor: Person, "end_restriction", customer: Customer) if customer.id = actor.customerId;

# Ending a consent without the customer is the privacy officer's, and waits for a second person, too.
allow(actor: Staff, "revoke", _: Consent) if "privacy_officer" in actor.roles;
allow(actor: Staff, "invalidate", _: Consent) if "privacy_officer" in actor.roles;

# Notices are installed by the privacy officer, who asks as themselves.
allow(actor: Staff, "add_notice", employee: Employee) if
    employee.actorId = actor.id and
    "privacy_officer" in actor.roles;

# That somebody who left may be taken in again, at that person's own wish, is recorded by the privacy officer.
allow(actor: Staff, "lift_suppression", employee: Employee) if
    employee.actorId = actor.id and
    "privacy_officer" in actor.roles;
allow(actor: Staff, "lift_suppression_at_console", employee: Employee) if
    employee.actorId = actor.id and
    "privacy_officer" in actor.roles and
    actor.channel = "CONSOLE";

# A payment card comes from the customer, or from staff who bill that customer.
allow(actor: Person, "submit_payment_card", customer: Customer) if customer.id = actor.customerId;
allow(actor: Staff, "submit_payment_card", customer: Customer) if
    carries_task(actor, customer, task) and
    task.purpose = "billing" and
    unrestricted(customer);

# A health record comes from the customer, or from staff who care for that customer.
allow(actor: Person, "submit_health_record", customer: Customer) if customer.id = actor.customerId;
allow(actor: Staff, "submit_health_record", customer: Customer) if
    carries_task(actor, customer, task) and
    task.purpose = "care" and
    unrestricted(customer);

# A contact point is confirmed by its owner, or by staff who verify that customer, with the customer's consent to it and
# while processing is not restricted; by no staff who wrote it down themselves on the customer's word.
allow(actor: Person, "verify", point: ContactPoint) if is_own(actor, point) and kept_lawfully(point);
allow(actor: Person, "confirm", point: ContactPoint) if is_own(actor, point) and kept_lawfully(point);
allow(actor: Staff, "verify", point: ContactPoint) if
    verifies(actor, point.customer, "contact_point") and
    is_vouched_for(actor, point);
allow(actor: Staff, "confirm", point: ContactPoint) if
    verifies(actor, point.customer, "contact_point") and
    is_vouched_for(actor, point);

# A code to consent by is sent to a contact point by its owner, or by staff who may reach that customer there for their task.
allow(actor: Person, "begin_double_opt_in", point: ContactPoint) if is_own(actor, point) and kept_lawfully(point);
allow(actor: Staff, "begin_double_opt_in", point: ContactPoint) if
    reaches(actor, point.customer) and
    is_vouched_for(actor, point);

# The code is brought back by the customer, or typed by staff to whom the customer reads it out; by nobody who wrote the
# contact point down, because it may be their own.
allow(actor: Person, "consent_by_code", point: ContactPoint) if is_own(actor, point) and kept_lawfully(point);
allow(actor: Staff, "consent_by_code", point: ContactPoint) if
    verifies(actor, point.customer, "contact_point") and
    point.collectedBy != actor.id;

# A customer is made, and given to an employee to be taken in, by a manager; nothing is kept that could be restricted.
allow(actor: Staff, "open_intake", _: Employee) if "manager" in actor.roles;

# Data of a customer are taken in by whoever carries the open task to verify that customer.
allow(actor: Staff, "record_intake", task: Task) if
    carries(actor, task) and
    task.purpose = "verification" and
    unrestricted(task.customer);

# What a customer shows is recorded by staff who verify that customer, with the customer's consent to it.
allow(actor: Staff, "record_identity_evidence", customer: Customer) if verifies(actor, customer, "identity_evidence");

# Whoever is nobody yet may have themselves taken in, once they were shown a notice.
allow(_: Stranger, "begin_intake", _: Notice);

# Everybody may end their own session.
allow(actor: Anyone, "sign_out", session: Session) if session.actorId = actor.id;

# Staff and customers look after their own signing in, within their own session.
allow(actor: Staff, "confirm", session: Session) if session.actorId = actor.id;
allow(actor: Person, "confirm", session: Session) if session.actorId = actor.id;
allow(actor: Staff, "change_password", session: Session) if session.actorId = actor.id;
allow(actor: Person, "change_password", session: Session) if session.actorId = actor.id;
allow(actor: Staff, "enrol_totp", session: Session) if session.actorId = actor.id;
allow(actor: Person, "enrol_totp", session: Session) if session.actorId = actor.id;
allow(actor: Staff, "confirm_totp", session: Session) if session.actorId = actor.id;
allow(actor: Person, "confirm_totp", session: Session) if session.actorId = actor.id;
allow(actor: Staff, "remove_totp", session: Session) if session.actorId = actor.id;
allow(actor: Person, "remove_totp", session: Session) if session.actorId = actor.id;
