# Who may run which procedure.

# A task is opened by a manager, by staff already at work for that customer, or by the customer.
allow(actor: Staff, "open_task", _: Customer) if "manager" in actor.roles;
allow(actor: Staff, "open_task", customer: Customer) if works_for(actor, customer);
allow(actor: Person, "open_task", customer: Customer) if customer.id = actor.customerId;

# A task is given to somebody by a manager.
allow(actor: Staff, "assign", _: Task) if "manager" in actor.roles;

# A task is closed by whoever carries it, or by a manager.
allow(actor: Staff, "close", _: Task) if "manager" in actor.roles;
allow(actor: Staff, "close", task: Task) if task.assigneeId = actor.id;
allow(actor: Subcontractor, "close", task: Task) if task.assigneeId = actor.id and bound(actor, task, _);

# Consent is given by the customer, or recorded by staff at work for that customer.
allow(actor: Person, "give_consent", customer: Customer) if customer.id = actor.customerId;
allow(actor: Staff, "give_consent", customer: Customer) if works_for(actor, customer);

# Withdrawing is never harder than giving; the privacy officer can always carry it out.
allow(actor: Person, "withdraw", consent: Consent) if consent.customerId = actor.customerId;
allow(actor: Staff, "withdraw", consent: Consent) if works_for(actor, consent.customer);
allow(actor: Staff, "withdraw", _: Consent) if "privacy_officer" in actor.roles;

# A contact point is confirmed by its owner, or by staff who verify that customer, with the customer's consent to it.
allow(actor: Person, "verify", point: ContactPoint) if is_own(actor, point) and kept_lawfully(point);
allow(actor: Person, "confirm", point: ContactPoint) if is_own(actor, point) and kept_lawfully(point);
allow(actor: Staff, "verify", point: ContactPoint) if verifies(actor, point.customer, "contact");
allow(actor: Staff, "confirm", point: ContactPoint) if verifies(actor, point.customer, "contact");

# Everybody may end their own session.
allow(actor: Asker, "sign_out", session: Session) if session.actorId = actor.id;

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
