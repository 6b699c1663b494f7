# Without a task: what one asked for and another approved, for minutes, in the open.

# Staff need to know what they broke the glass for: it stands for the task, and for nothing else.
# The purpose must need the category, the customer must consent, and the restriction holds.
needs_to_know(actor: Staff, customer, category, _field, purpose) if
    broke_glass(actor, customer, glass) and
    part in glass.categories and
    part.category = category and
    needs(glass.purpose, category) and
    purpose = glass.purpose;

# Glass is broken when somebody else approved it, whoever asked is still active, its time is not over, and its purpose
# is stated.
broke_glass(actor, customer, glass) if
    glass in customer.breakGlasses and
    glass.requestedById = actor.id and
    glass.requestedBy.active = true and
    glass.state = "APPROVED" and
    glass.endsAt > actor.now and
    glass.purpose = actor.purpose;

# Who broke the glass sees whose data these are, and whether processing is restricted.
allow_field(actor: Staff, "read", customer: Customer, field) if
    field in ["number", "status", "restricted", "createdAt"] and
    broke_glass(actor, customer, _);

# What a manager may approve. Every other category is special: only the privacy officer decides, and sees who asks.
a_manager_decides("identity");
a_manager_decides("contact_point");
a_manager_decides("postal_address");
a_manager_decides("preference");
a_manager_decides("interaction");
a_manager_decides("order");

# Staff may ask, about whoever has not left; subcontractors never break glass. A restriction is no reason to refuse the
# asking: whoever asks would learn of it.
allow(_: Staff, "request_break_glass", customer: Customer) if has_not_left(customer);

# Somebody else approves it or refuses: a manager, unless a special category is named, or the privacy officer. While
# processing is restricted it would open nothing, and is not approved; nor is what the front desk asks for.
allow(actor: Staff, "approve", glass: BreakGlass) if
    decides(actor, glass) and
    not is_at_the_desk(glass.requestedBy) and
    unrestricted(glass.customer);
allow(actor: Staff, "refuse", glass: BreakGlass) if decides(actor, glass);

decides(actor, glass) if
    "privacy_officer" in actor.roles and
    glass.requestedById != actor.id;
decides(actor, glass) if
    "manager" in actor.roles and
    glass.requestedById != actor.id and
    glass.special = false;

# It is ended early by whoever asked, whoever approved it, or the privacy officer, restricted or not: it takes away.
allow(actor: Staff, "end", glass: BreakGlass) if glass.requestedById = actor.id;
allow(actor: Staff, "end", glass: BreakGlass) if glass.decidedById = actor.id;
allow(actor: Staff, "end", _: BreakGlass) if "privacy_officer" in actor.roles;

# The privacy officer looks at it afterwards, if no party to it; a restriction does not keep anybody from being called to account.
allow(actor: Staff, "review", glass: BreakGlass) if
    "privacy_officer" in actor.roles and
    glass.requestedById != actor.id and
    glass.decidedById != actor.id;

# Who asked, who may decide and who reviews see the request with its reason.
allow_field(actor: Staff, "read", glass: BreakGlass, field) if
    field in ["customer", "purpose", "categories", "state", "reason", "requestedAt", "endsAt", "openedAt",
              "requestedBy", "decidedBy", "verdict", "note", "reviewedAt", "reviewedBy"] and
    concerns(actor, glass);
allow_field(actor: Staff, "read", part: BreakGlassCategory, "category") if
    concerns(actor, part.breakGlass);

concerns(actor, glass) if glass.requestedById = actor.id;
concerns(actor, _glass) if "privacy_officer" in actor.roles;
concerns(actor, glass) if "manager" in actor.roles and glass.special = false;

# The customer sees who wanted what and why, by role and not by name.
allow_field(actor: Person, "read", glass: BreakGlass, field) if
    field in ["customer", "purpose", "categories", "state", "reason", "requestedAt", "endsAt", "openedAt", "verdict",
              "reviewedAt"] and
    glass.customerId = actor.customerId;
allow_field(actor: Person, "read", part: BreakGlassCategory, "category") if
    part.breakGlass.customerId = actor.customerId;
