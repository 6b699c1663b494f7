# Who looks after employees, partners' clients and their sessions?

# Administrators add employees, asking as themselves, and correct their names.
allow(actor: Staff, "add_employee", employee: Employee) if
    employee.actorId = actor.id and
    "administrator" in actor.roles;
allow(actor: Staff, "rename", _: Employee) if "administrator" in actor.roles;

# They give and take roles, and say who may sign in; never of themselves, so that nobody gives themselves a role, and the
# last administrator stays one.
allow(actor: Staff, "give_employee_role", employee: Employee) if administers(actor, employee);
allow(actor: Staff, "take_employee_role", employee: Employee) if administers(actor, employee);
allow(actor: Staff, "deactivate", employee: Employee) if administers(actor, employee);
allow(actor: Staff, "activate", employee: Employee) if administers(actor, employee);

administers(actor, employee) if
    "administrator" in actor.roles and
    employee.actorId != actor.id;

# What was changed of who may do what is seen by those who change it, and by privacy officers, who are told of it.
allow_field(actor: Staff, "read", _: AccessChange, field) if
    field in ["kind", "role", "at", "by", "employee", "client"] and
    "administrator" in actor.roles;
allow_field(actor: Staff, "read", _: AccessChange, field) if
    field in ["kind", "role", "at", "by", "employee", "client", "notifiedAt"] and
    "privacy_officer" in actor.roles;

# A secret that was lost or stolen is made anew by an administrator; a partner's client replaces its own, as long as we work
# with the partner.
allow(actor: Staff, "renew_partner_secret", _: PartnerClient) if "administrator" in actor.roles;
allow(actor: Subcontractor, "replace_partner_secret", session: Session) if
    session.actorId = actor.id and
    client in session.actor.partnerClients and
    client.partner.active = true;

# What a deactivated partner confirms by other means, such as a letter, the privacy officer records.
allow(actor: Staff, "confirm", obligation: Obligation) if
    "privacy_officer" in actor.roles and
    obligation.partner.active = false;

# Everybody sees their own sessions, and ends one or all others; nobody sees those of others.
allow_field(actor: Anyone, "read", session: Session, field) if
    field in ["createdAt", "lastSeenAt", "expiresAt", "endedAt", "confirmedUntil", "agent", "newPlace"] and
    session.actorId = actor.id;
allow(actor: Anyone, "end", session: Session) if session.actorId = actor.id;
allow(actor: Anyone, "end_other_sessions", session: Session) if session.actorId = actor.id;

# Those of an employee are ended by an administrator, those of a customer who tells of a theft by the privacy officer.
allow(actor: Staff, "end_employee_sessions", employee: Employee) if administers(actor, employee);
allow(actor: Staff, "end_customer_sessions", _: Customer) if "privacy_officer" in actor.roles;
