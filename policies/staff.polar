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
