# Who asks in the tests, and what there is. A fixture makes its conditions true, one after the other, and several of them
# follow each other like the words of a sentence. Of what none speaks, nothing is filled in.

# Staff at work. The customer consents to every category for the purpose, so that the need decides what they read.

given("an agent with a support task", actor: Staff, customer) if at_work(actor, customer, "support");
given("an agent with a sales task", actor: Staff, customer) if at_work(actor, customer, "sales");
given("an agent with a delivery task", actor: Staff, customer) if at_work(actor, customer, "delivery");
given("an agent with a billing task", actor: Staff, customer) if at_work(actor, customer, "billing");
given("an agent with a marketing task", actor: Staff, customer) if at_work(actor, customer, "marketing");
given("an agent with a verification task", actor: Staff, customer) if at_work(actor, customer, "verification");
given("an agent with a care task", actor: Staff, customer) if at_work(actor, customer, "care");

at_work(actor, customer, purpose) if
    "agent" in actor.roles and
    task in customer.tasks and
    task.purpose = purpose and
    task.status = "OPEN" and
    task.dueAt > actor.now and
    task.assigneeId = actor.id and
    account in task.assignees and
    account.active = true and
    actor.purpose = purpose and
    consents_to_everything(actor, customer, purpose);

consents_to_everything(actor, customer, purpose) if
    forall(category in ["identity", "identity_evidence", "personal_code", "contact_point", "postal_address",
                        "preference", "interaction", "order", "payment_card", "health_record"],
           consents(actor, customer, category, purpose));

consents(actor, customer, category, purpose) if
    consent in customer.consents and
    consent.category = category and
    consent.purpose = purpose and
    consent.permits = true and
    consent.suspendedById = nil and
    consent.expiresAt > actor.now;

# What may have changed since.

given("that is over its day", actor, customer) if forall(task in customer.tasks, task.dueAt < actor.now);
given("that has no day", _actor, customer) if forall(task in customer.tasks, task.dueAt = nil);
given("that is closed", _actor, customer) if forall(task in customer.tasks, task.status = "CLOSED");
given("that somebody else carries", actor, customer) if forall(task in customer.tasks, task.assigneeId != actor.id);
given("who was deactivated", _actor, customer) if
    forall(task in customer.tasks, forall(account in task.assignees, account.active = false));
given("who states no purpose", actor, _customer) if actor.purpose = nil;
given("who states another purpose", actor, _customer) if actor.purpose = "marketing";
given("without any consent", _actor, customer) if
    forall(consent in customer.consents, consent.permits = false);
given("with suspended consents", _actor, customer) if
    forall(consent in customer.consents, consent.suspendedById != nil);
given("with consents that have run out", actor, customer) if
    forall(consent in customer.consents, consent.expiresAt < actor.now);
given("with consents for another purpose", _actor, customer) if
    forall(consent in customer.consents, consent.purpose = "marketing");
given("with consents to another category", _actor, customer) if
    forall(consent in customer.consents, consent.category = "preference");
given("although the customer consents to verification", actor, customer) if
    consents_to_everything(actor, customer, "verification");
given("which concerns a contact point", _actor, customer) if
    forall(consent in customer.consents, consent.category = "contact_point");
given("which concerns a health record", _actor, customer) if
    forall(consent in customer.consents, consent.category = "health_record");
given("while use is restricted", _actor, customer) if customer.restricted = true;

# Without a task, staff see each other and nobody else; managers and privacy officers oversee the work, not the person.

given("an employee", actor: Staff, customer) if
    actor.purpose = "support" and
    consents_to_everything(actor, customer, "support");
given("whose customer has not left", _actor, customer) if customer.status = "ACTIVE";
given("whose customer has left", _actor, customer) if customer.status = "WITHDRAWN";
given("an administrator", actor: Staff, _customer) if "administrator" in actor.roles;
given("a manager", actor: Staff, customer) if
    "manager" in actor.roles and
    actor.purpose = "support" and
    consents_to_everything(actor, customer, "support");
given("the privacy officer", actor: Staff, customer) if
    "privacy_officer" in actor.roles and
    actor.purpose = "support" and
    consents_to_everything(actor, customer, "support");
given("at the console", actor, _customer) if actor.channel = "CONSOLE";
given("from the partner's network", actor: Subcontractor, _customer) if actor.channel = "PARTNER_NETWORK";
given("an administrator, in person", actor: Staff, _customer, employee: Employee) if
    "administrator" in actor.roles and
    employee.actorId = actor.id;
given("an employee, in person", actor: Staff, _customer, employee: Employee) if employee.actorId = actor.id;
given("the privacy officer, in person", actor: Staff, _customer, employee: Employee) if
    "privacy_officer" in actor.roles and
    employee.actorId = actor.id;

# A consent as it is once it was recorded, or before something becomes of it.

given("and a consent for support to be reached", _actor, customer, consent: Consent) if
    consent.customerId = customer.id and
    consent.category = "contact_point" and
    consent.purpose = "support";
given("and a consent for support to what that does not need", _actor, customer, consent: Consent) if
    consent.customerId = customer.id and
    consent.category = "payment_card" and
    consent.purpose = "support";
given("and a consent for marketing to be reached", _actor, customer, consent: Consent) if
    consent.customerId = customer.id and
    consent.category = "contact_point" and
    consent.purpose = "marketing";
given("and a consent for care to keep health records", _actor, customer, consent: Consent) if
    consent.customerId = customer.id and
    consent.category = "health_record" and
    consent.purpose = "care";
given("and a consent for support to keep health records", _actor, customer, consent: Consent) if
    consent.customerId = customer.id and
    consent.category = "health_record" and
    consent.purpose = "support";
given("which they recorded themselves", actor, customer) if
    forall(consent in customer.consents, consent.recordedById = actor.id);
given("which somebody else recorded", actor, customer) if
    forall(consent in customer.consents, consent.recordedById != actor.id);
given("that an employee wrote down", _actor, customer) if
    forall(consent in customer.consents, consent.collectionMethod = "staff");
given("that an import brought", _actor, customer) if
    forall(consent in customer.consents, consent.collectionMethod = "import");
given("that the customer gave", _actor, customer) if
    forall(consent in customer.consents, consent.collectionMethod = "account");
given("and a telephone which they wrote down", actor, customer, point: ContactPoint) if
    point.customerId = customer.id and
    point.collectedBy = actor.id;
given("and a telephone which somebody else wrote down", actor, customer, point: ContactPoint) if
    point.customerId = customer.id and
    point.collectedBy != actor.id;

# What staff wrote on the customer's word, as it is once it was written.

given("which they wrote on the customer's word", actor, customer, point: ContactPoint) if
    point.customerId = customer.id and
    point.collectedBy = actor.id and
    point.source = "dictated" and
    point.verifiedAt = nil;
given("which somebody else wrote on the customer's word", actor, customer, point: ContactPoint) if
    point.customerId = customer.id and
    point.collectedBy != actor.id and
    point.source = "dictated";
given("which they took in", actor, customer, point: ContactPoint) if
    point.customerId = customer.id and
    point.collectedBy = actor.id and
    point.source != "dictated";
given("whose name they wrote", actor, customer, identity: Identity) if
    identity.customerId = customer.id and
    identity.collectedBy = actor.id and
    identity.source = "dictated" and
    identity.verifiedAt = nil;
given("whose address they wrote", actor, customer, address: PostalAddress) if
    address.customerId = customer.id and
    address.collectedBy = actor.id and
    address.source = "dictated" and
    address.verifiedAt = nil;
given("whose preference they wrote", actor, customer, preference: Preference) if
    preference.customerId = customer.id and
    preference.collectedBy = actor.id and
    preference.source = "dictated" and
    preference.verifiedAt = nil;
given("with whom they spoke", actor, customer, interaction: Interaction) if
    interaction.customerId = customer.id and
    interaction.collectedBy = actor.id and
    interaction.source = "dictated" and
    interaction.verifiedAt = nil;
given("whose order they entered", actor, customer, order: Order) if
    order.customerId = customer.id and
    order.collectedBy = actor.id and
    order.source = "dictated" and
    order.verifiedAt = nil;
given("with whom somebody else spoke", actor, customer, interaction: Interaction) if
    interaction.customerId = customer.id and
    interaction.collectedBy != actor.id;
given("who wrote something", actor, customer, dictation: Dictation) if
    dictation.customerId = customer.id and
    dictation.recordedById = actor.id;
given("of whom somebody else wrote something", actor, customer, dictation: Dictation) if
    dictation.customerId = customer.id and
    dictation.recordedById != actor.id;
given("an agent who opened a task for somebody else", actor: Staff, customer) if
    "agent" in actor.roles and
    task in customer.tasks and
    task.openedById = actor.id and
    task.assigneeId != actor.id;

# Whom tasks can be given to.

given("a manager, in person", actor: Staff, _customer, employee: Employee) if
    "manager" in actor.roles and
    employee.actorId = actor.id;
given("and a colleague's account", actor, _customer, account: Account) if
    account.id != actor.id and
    account.kind = "EMPLOYEE" and
    account.active = true;
given("and the account of a partner's client", actor, _customer, account: Account) if
    account.kind = "PARTNER_CLIENT" and
    account.active = true and
    client in account.partnerClients and
    agreement in client.partner.agreements and
    agreement.partner.active = true and
    agreement.signed = true and
    agreement.fromAt < actor.now and
    agreement.untilAt > actor.now and
    term in agreement.terms and
    term.purpose = "support";

# A task as it is once it was given to somebody: to whom, and under which agreement.

given("who gives a task to an employee", actor: Staff, customer) if
    task in customer.tasks and
    task.assigneeId != actor.id and
    account in task.assignees and
    account.kind = "EMPLOYEE" and
    account.active = true;
given("who gives a task to a partner", actor: Staff, customer) if
    task in customer.tasks and
    task.purpose = "delivery" and
    task.assigneeId != actor.id and
    account in task.assignees and
    account.kind = "PARTNER_CLIENT" and
    account.active = true and
    client in account.partnerClients and
    agreement in task.agreements and
    agreement.partnerId = client.partnerId and
    agreement.partner.active = true and
    agreement.signed = true and
    agreement.fromAt < actor.now and
    agreement.untilAt > actor.now and
    term in agreement.terms and
    term.purpose = "delivery";
given("who gives a task to a manager", actor: Staff, customer) if
    task in customer.tasks and
    task.occasion = "ORDER" and
    task.assigneeId != actor.id and
    account in task.assignees and
    account.kind = "EMPLOYEE" and
    account.active = true and
    employee in account.employees and
    assignment in employee.roles and
    assignment.role = "manager";
given("for which something of the customer's own asks", _actor, customer) if
    forall(task in customer.tasks, task.occasion = "ORDER");
given("to a customer", _actor, customer) if
    forall(task in customer.tasks, forall(account in task.assignees, account.kind = "CUSTOMER"));
given("to themselves", actor, customer) if forall(task in customer.tasks, task.assigneeId = actor.id);
given("of another partner", _actor, customer) if
    forall(task in customer.tasks,
           forall(account in task.assignees,
                  forall(client in account.partnerClients,
                         forall(agreement in task.agreements, client.partnerId != agreement.partnerId))));

# Customers: all of their own, and of nobody else's.

given("the customer", actor: Person, customer) if
    actor.customerId = customer.id and
    account in customer.actors and
    account.active = true and
    consents_to_everything(actor, customer, "support");
given("who can no longer sign in", _actor, customer) if
    forall(account in customer.actors, account.active = false);
given("another customer", actor: Person, customer) if
    actor.customerId != customer.id and
    account in customer.actors and
    account.active = true and
    consents_to_everything(actor, customer, "support");
given("who has a message here", _actor, customer, message: Message) if
    message.customerId = customer.id and
    message.channel = "ACCOUNT";
given("who has a message by mail", _actor, customer, message: Message) if
    message.customerId = customer.id and
    message.channel = "EMAIL";
given("whose data a partner had", _actor, customer, partner: Partner) if
    obligation in partner.obligations and
    obligation.customerId = customer.id;
given("of whom somebody wanted to know", _actor, customer) if
    glass in customer.breakGlasses and
    part in glass.categories and
    part.category = "health_record";

# Customers ask to have put right what they cannot change themselves; who reads it for a task decides.

given("who is asked about an order", _actor, customer) if asks_about(customer, "order");
given("who is asked about an interaction", _actor, customer) if asks_about(customer, "interaction");
given("who is asked about a card", _actor, customer) if asks_about(customer, "payment_card");
given("who is asked about evidence", _actor, customer) if asks_about(customer, "identity_evidence");
given("who is asked about a personal code", _actor, customer) if asks_about(customer, "personal_code");
given("who is asked about a health record", _actor, customer) if asks_about(customer, "health_record");
given("who is asked about an address", _actor, customer) if asks_about(customer, "postal_address");
given("who decided a request", actor, _customer, request: Request) if request.decidedById = actor.id;

given("of whose order is known that it is right", _actor, customer) if attested(customer, "order");
given("of whose health record is known that it is right", _actor, customer) if attested(customer, "health_record");

attested(customer, category) if
    attestation in customer.attestations and
    attestation.category = category;

asks_about(customer, category) if
    request in customer.requests and
    request.category = category;

given("who recorded a letter about a telephone", actor, customer, request: Request) if
    request.customerId = customer.id and
    request.category = "contact_point" and
    request.recordedById = actor.id;
given("who recorded a letter about a card", actor, customer, request: Request) if
    request.customerId = customer.id and
    request.category = "payment_card" and
    request.recordedById = actor.id;
given("who recorded a letter about some telephone", actor, customer, request: Request) if
    request.customerId = customer.id and
    request.category = "contact_point" and
    request.recordId = nil and
    request.recordedById = actor.id;
given("with a letter about a telephone", actor, customer, request: Request) if
    request.customerId = customer.id and
    request.category = "contact_point" and
    request.recordedById != actor.id;
given("with a letter about an identity", actor, customer, request: Request) if
    request.customerId = customer.id and
    request.category = "identity" and
    request.recordedById != actor.id;
given("with a letter about an address", actor, customer, request: Request) if
    request.customerId = customer.id and
    request.category = "postal_address" and
    request.recordedById != actor.id;
given("with a letter about a preference", actor, customer, request: Request) if
    request.customerId = customer.id and
    request.category = "preference" and
    request.recordedById != actor.id;
given("that was recorded", _actor, _customer, request: Request) if request.recordedById != nil;
given("which somebody telephoned about", _actor, _customer, request: Request) if
    request.proof = "CLAIMED" and
    request.recordedById != nil;
given("which came from an address that is known", _actor, _customer, request: Request) if request.proof = "REACHED";
given("which the customer asked for here", _actor, _customer, request: Request) if request.recordedById = nil;

# What somebody says that a customer wants ended.

given("who recorded an instruction for support", actor, customer, instruction: Instruction) if
    instruction.customerId = customer.id and
    instruction.kind = "WITHDRAW" and
    instruction.consentPurpose = "support" and
    instruction.recordedById = actor.id;
given("who recorded an instruction for another purpose", actor, customer, instruction: Instruction) if
    instruction.customerId = customer.id and
    instruction.kind = "WITHDRAW" and
    instruction.consentPurpose = "delivery" and
    instruction.recordedById = actor.id;
given("who recorded an instruction for every purpose", actor, customer, instruction: Instruction) if
    instruction.customerId = customer.id and
    instruction.kind = "WITHDRAW" and
    instruction.consentPurpose = nil and
    instruction.recordedById = actor.id;
given("who recorded a revocation", actor, customer, instruction: Instruction) if
    instruction.customerId = customer.id and
    instruction.kind = "REVOKE" and
    instruction.consentPurpose = "support" and
    instruction.recordedById = actor.id;
given("with whom an instruction waits", actor, customer, instruction: Instruction) if
    instruction.customerId = customer.id and
    instruction.recordedById != actor.id and
    instruction.special = false;
given("about a special category", _actor, _customer, instruction: Instruction) if instruction.special = true;
given("of which they said whose it is", actor, _customer, instruction: Instruction) if
    instruction.provedById = actor.id;
given("who recorded a letter that asks for a copy", actor, customer, instruction: Instruction) if
    instruction.customerId = customer.id and
    instruction.kind = "ACCESS" and
    instruction.recordedById = actor.id;
given("who recorded a letter that withdraws everything", actor, customer, instruction: Instruction) if
    instruction.customerId = customer.id and
    instruction.kind = "WITHDRAW" and
    instruction.consentPurpose = nil and
    instruction.recordedById = actor.id;
given("with whom a consent is to be withdrawn", actor, customer, instruction: Instruction) if
    instruction.customerId = customer.id and
    instruction.kind = "WITHDRAW" and
    instruction.recordedById != actor.id;
given("with whom a letter waits that asks for a copy", actor, customer, instruction: Instruction) if
    instruction.customerId = customer.id and
    instruction.kind = "ACCESS" and
    instruction.recordedById != actor.id;
given("with whom somebody wants to leave", actor, customer, instruction: Instruction) if
    instruction.customerId = customer.id and
    instruction.kind = "LEAVE" and
    instruction.recordedById != actor.id;
given("as nobody showed anything", _actor, _customer, instruction: Instruction) if instruction.proof = "CLAIMED";
given("as was asked back", _actor, _customer, instruction: Instruction) if instruction.proof = "REACHED";
given("as documents show", _actor, _customer, instruction: Instruction) if instruction.proof = "IAL2";
given("for some days", actor, _customer, instruction: Instruction) if
    instruction.recordedAt < actor.ago("3 days");
given("since yesterday", actor, _customer, instruction: Instruction) if
    instruction.recordedAt > actor.ago("3 days");
given("whose archive was sent", actor, _customer, instruction: Instruction) if
    instruction.state = "CARRIED_OUT" and
    instruction.linkEndsAt > actor.now;
given("whose link has ended", actor, _customer, instruction: Instruction) if
    instruction.state = "CARRIED_OUT" and
    instruction.linkEndsAt < actor.now;
given("and a telephone which they verified", actor, customer, point: ContactPoint) if
    point.customerId = customer.id and
    point.collectedBy != actor.id and
    point.verifiedBy = actor.id;
given("and a telephone with which they have nothing to do", actor, customer, point: ContactPoint) if
    point.customerId = customer.id and
    point.collectedBy != actor.id and
    point.verifiedBy != actor.id;

# Break-glass access: asked for by one, approved by another, for minutes.

given("an agent with break-glass access", actor: Staff, customer) if
    glass in customer.breakGlasses and
    glass.requestedById = actor.id and
    glass.requestedBy.active = true and
    glass.state = "APPROVED" and
    glass.endsAt > actor.now and
    glass.purpose = "support" and
    part in glass.categories and
    part.category = "contact_point" and
    actor.purpose = "support" and
    consents_to_everything(actor, customer, "support");
given("which nobody has approved", _actor, customer) if
    forall(glass in customer.breakGlasses, glass.state = "REQUESTED");
given("which somebody else asked for", actor, customer) if
    forall(glass in customer.breakGlasses, glass.requestedById != actor.id);
given("to what the purpose does not need", _actor, customer) if
    forall(glass in customer.breakGlasses, forall(part in glass.categories, part.category = "health_record"));
given("by somebody who was deactivated", _actor, customer) if
    forall(glass in customer.breakGlasses, glass.requestedBy.active = false);
given("whose time is over", actor, customer) if forall(glass in customer.breakGlasses, glass.endsAt < actor.now);
given("asked for break-glass access", actor, customer) if
    glass in customer.breakGlasses and
    glass.requestedById != actor.id and
    part in glass.categories and
    part.category = "contact_point";
given("to a special category", _actor, customer) if forall(glass in customer.breakGlasses, glass.special = true);
given("which they approved", actor, customer) if forall(glass in customer.breakGlasses, glass.decidedById = actor.id);
given("by themselves", actor, customer) if
    forall(glass in customer.breakGlasses, glass.requestedById = actor.id);

# Tasks that are reviewed: given without an occasion, or by one manager to another.

given("asked to review a task", actor, customer, review: TaskReview) if
    review.customerId = customer.id and
    review.givenById != actor.id and
    review.givenToId != actor.id and
    review.task.openedById != actor.id;
given("which they opened", actor, _customer, review: TaskReview) if review.task.openedById = actor.id;
given("which they gave", actor, _customer, review: TaskReview) if review.givenById = actor.id;
given("which they were given", actor, _customer, review: TaskReview) if review.givenToId = actor.id;

# Subcontractors: what the task needs, and of that only what the agreement names.

given("a subcontractor with a delivery task", actor: Subcontractor, customer) if
    task in customer.tasks and
    task.purpose = "delivery" and
    task.status = "OPEN" and
    task.dueAt > actor.now and
    task.assigneeId = actor.id and
    account in task.assignees and
    account.active = true and
    actor.purpose = "delivery" and
    agreement in task.agreements and
    agreement.partnerId = actor.partnerId and
    agreement.partner.active = true and
    agreement.signed = true and
    agreement.fromAt < actor.now and
    agreement.untilAt > actor.now and
    term in agreement.terms and
    term.purpose = "delivery" and
    term.category = "postal_address" and
    term.field = "street" and
    consents_to_everything(actor, customer, "delivery");
given("a subcontractor with a support task", actor: Subcontractor, customer) if
    task in customer.tasks and
    task.purpose = "support" and
    task.status = "OPEN" and
    task.dueAt > actor.now and
    task.assigneeId = actor.id and
    account in task.assignees and
    account.active = true and
    actor.purpose = "support" and
    agreement in task.agreements and
    agreement.partnerId = actor.partnerId and
    agreement.partner.active = true and
    agreement.signed = true and
    agreement.fromAt < actor.now and
    agreement.untilAt > actor.now and
    names_for_support(agreement, "channel") and
    names_for_support(agreement, "occurredAt") and
    names_for_support(agreement, "subject") and
    names_for_support(agreement, "body") and
    consents_to_everything(actor, customer, "support");
names_for_support(agreement, field) if
    term in agreement.terms and
    term.purpose = "support" and
    term.category = "interaction" and
    term.field = field;

given("of which the agreement names less", _actor, customer) if
    forall(task in customer.tasks,
           forall(agreement in task.agreements, forall(term in agreement.terms, term.field = "subject")));
given("without a signed agreement", _actor, customer) if
    forall(task in customer.tasks, forall(agreement in task.agreements, agreement.signed = false));
given("under an agreement with a deactivated partner", _actor, customer) if
    forall(task in customer.tasks, forall(agreement in task.agreements, agreement.partner.active = false));
given("after the agreement ended", actor, customer) if
    forall(task in customer.tasks, forall(agreement in task.agreements, agreement.untilAt < actor.now));
given("before the agreement begins", actor, customer) if
    forall(task in customer.tasks, forall(agreement in task.agreements, agreement.fromAt > actor.now));
given("under an agreement for another purpose", _actor, customer) if
    forall(task in customer.tasks,
           forall(agreement in task.agreements, forall(term in agreement.terms, term.purpose = "support")));
given("under an agreement on what the task does not need", _actor, customer) if
    forall(task in customer.tasks,
           forall(agreement in task.agreements,
                  forall(term in agreement.terms, term.category = "health_record" and term.field = "kind")));
given("under another partner's agreement", actor, customer) if
    forall(task in customer.tasks, forall(agreement in task.agreements, agreement.partnerId != actor.partnerId));
given("a subcontractor", actor: Subcontractor, _customer, client: PartnerClient) if
    client.actorId = actor.id and
    client.actor.active = true and
    client.partner.active = true;
given("that was deactivated", _actor, _customer, client: PartnerClient) if client.actor.active = false;
given("whose company was deactivated", _actor, _customer, client: PartnerClient) if client.partner.active = false;
given("of its company", actor, _customer, partner: Partner) if
    actor.partnerId = partner.id and
    partner.active = true;
given("which was deactivated", _actor, _customer, partner: Partner) if partner.active = false;
given("that owes something", actor, customer, obligation: Obligation) if
    obligation.partnerId = actor.partnerId and
    obligation.partner.active = true and
    obligation.customerId = customer.id;
given("although its company was deactivated", _actor, _customer, obligation: Obligation) if
    obligation.partner.active = false;

# Whoever is nobody yet, and everybody's own session.

given("a stranger", actor: Stranger, _customer) if actor.purpose = nil;
given("an employee in their own session", actor: Staff, _customer, session: Session) if session.actorId = actor.id;
given("the customer in their own session", actor: Person, _customer, session: Session) if session.actorId = actor.id;
given("a subcontractor in its own session", actor: Subcontractor, _customer, session: Session) if
    session.actorId = actor.id;
given("as a client of a partner", _actor, _customer, session: Session) if
    client in session.actor.partnerClients and
    client.partner.active = true;
given("as a client of a partner that was deactivated", _actor, _customer, session: Session) if
    client in session.actor.partnerClients and
    client.partner.active = false;
given("and what a deactivated partner owes", _actor, _customer, obligation: Obligation) if
    obligation.partner.active = false;
given("and what a partner owes", _actor, _customer, obligation: Obligation) if obligation.partner.active = true;
given("which is somebody else's", actor, _customer, session: Session) if session.actorId != actor.id;

# The front desk, and codes to set a password by.

given("somebody at the front desk", actor: Staff, _customer) if "front_desk" in actor.roles;
given("somebody at the front desk, in person", actor: Staff, _customer, employee: Employee) if
    "front_desk" in actor.roles and
    employee.actorId = actor.id;
given("who has just found the customer", actor, customer) if
    finding in customer.findings and
    finding.actorId = actor.id and
    finding.at > actor.ago("1 hour");
given("which somebody else did", actor, customer) if
    forall(finding in customer.findings, finding.actorId != actor.id);
given("which was long ago", actor, customer) if
    forall(finding in customer.findings, finding.at < actor.ago("1 hour"));
given("who opens a task for support", _actor, customer) if task in customer.tasks and task.purpose = "support";
given("who opens a task for verification", _actor, customer) if
    task in customer.tasks and
    task.purpose = "verification";
given("who opens a task for billing", _actor, customer) if task in customer.tasks and task.purpose = "billing";
given("who opens a task for care", _actor, customer) if task in customer.tasks and task.purpose = "care";
given("who gives a task to somebody at the front desk", actor: Staff, customer) if
    task in customer.tasks and
    task.assigneeId != actor.id and
    account in task.assignees and
    account.kind = "EMPLOYEE" and
    account.active = true and
    employee in account.employees and
    assignment in employee.roles and
    assignment.role = "front_desk";

given("who is at the front desk as well", _actor, customer) if
    forall(task in customer.tasks,
           forall(account in task.assignees, employee in account.employees and assignment in employee.roles and
                  assignment.role = "front_desk"));
given("of which its client is the assignee", actor, customer) if
    forall(task in customer.tasks,
           forall(account in task.assignees, account.kind = "PARTNER_CLIENT" and client in account.partnerClients and
                  client.partnerId = actor.partnerId));

given("that somebody at the front desk asked for", _actor, customer) if
    forall(glass in customer.breakGlasses, employee in glass.requestedBy.employees and assignment in employee.roles and
           assignment.role = "front_desk");

given("and a telephone that somebody else confirmed", actor, customer, point: ContactPoint) if
    is_an_old_telephone(actor, customer, point) and
    point.verifiedBy != nil and
    point.verifiedBy != point.collectedBy and
    point.verifiedBy != actor.id and
    point.collectedBy != actor.id;
given("and a telephone that the customer wrote down", actor, customer, point: ContactPoint) if
    is_an_old_telephone(actor, customer, point) and
    point.verifiedBy = nil and
    account in customer.actors and
    account.active = true and
    account.id = point.collectedBy;

is_an_old_telephone(actor, customer, point) if
    point.customerId = customer.id and
    point.kind = "PHONE" and
    point.consent.permits = true and
    point.consent.expiresAt > actor.now and
    point.collectedAt < actor.ago("7 days") and
    point.verifiedAt < actor.ago("7 days") and
    point.verificationExpiresAt > actor.now and
    customer.status = "ACTIVE";

given("that they confirmed themselves", actor, _customer, point: ContactPoint) if point.verifiedBy = actor.id;
given("that they wrote down themselves", actor, _customer, point: ContactPoint) if point.collectedBy = actor.id;
given("that nobody confirmed", _actor, _customer, point: ContactPoint) if point.verifiedAt = nil;
given("that was confirmed by who wrote it down", _actor, _customer, point: ContactPoint) if
    point.verifiedBy = point.collectedBy;
given("that was confirmed lately", actor, _customer, point: ContactPoint) if point.verifiedAt > actor.ago("7 days");
given("that was written down lately", actor, _customer, point: ContactPoint) if
    point.collectedAt > actor.ago("7 days");
given("whose confirmation has run out", actor, _customer, point: ContactPoint) if
    point.verificationExpiresAt < actor.now;
given("that is kept no more with consent", _actor, _customer, point: ContactPoint) if
    point.consent.permits = false;
given("that takes letters only", _actor, _customer, point: ContactPoint) if point.kind = "FAX";

given("with a code for the customer", actor, customer, code: PasswordCode) if
    code.usedAt = nil and
    code.expiresAt > actor.now and
    code.customerId = customer.id and
    code.accountId = nil and
    customer.status = "ACTIVE";
given("with a code for an employee", actor, _customer, code: PasswordCode) if
    code.usedAt = nil and
    code.expiresAt > actor.now and
    code.customerId = nil and
    account in code.accounts and
    account.kind = "EMPLOYEE" and
    account.active = true;
given("with a code for a partner", actor, _customer, code: PasswordCode) if
    code.usedAt = nil and
    code.expiresAt > actor.now and
    code.customerId = nil and
    account in code.accounts and
    account.kind = "PARTNER_CLIENT" and
    account.active = true;
given("that was used", actor, _customer, code: PasswordCode) if code.usedAt < actor.now;
given("that has run out", actor, _customer, code: PasswordCode) if code.expiresAt < actor.now;
given("whose account was deactivated", _actor, customer) if
    account in customer.actors and
    account.active = false;
given("who was deactivated since", _actor, _customer, code: PasswordCode) if
    forall(account in code.accounts, account.active = false);

# Scans of letters.

given("and the scan of a letter that asks for a copy", actor, customer, scan: Scan) if
    scan.customerId = customer.id and
    scan.state = "KEPT" and
    scan.addedById != actor.id and
    instruction in scan.instructions and
    instruction.recordedById != actor.id and
    instruction.provedById != actor.id and
    instruction.special = false;
given("that they recorded", actor, _customer, scan: Scan) if
    forall(instruction in scan.instructions, instruction.recordedById = actor.id);
given("and the scan of a letter about a telephone", actor, customer, scan: Scan) if
    scan.customerId = customer.id and
    scan.state = "KEPT" and
    scan.addedById != actor.id and
    request in scan.requests and
    request.customerId = customer.id and
    request.category = "contact_point" and
    request.recordedById != nil and
    request.recordedById != actor.id;
given("and a scan of which parts are to come", actor, customer, scan: Scan) if
    scan.customerId = customer.id and
    scan.addedById = actor.id and
    scan.state = "INCOMPLETE";
given("that is whole", _actor, _customer, scan: Scan) if scan.state = "KEPT";
given("that waits", _actor, _customer, instruction: Instruction) if instruction.state = "WAITING";
given("that is decided", _actor, _customer, instruction: Instruction) if instruction.state = "REFUSED";
given("that waits for an answer", _actor, _customer, request: Request) if request.state = "RECEIVED";
given("that is answered", _actor, _customer, request: Request) if request.state = "REFUSED";
