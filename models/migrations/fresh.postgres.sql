CREATE TABLE "accesses" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "entry" BIGINT NOT NULL,
    "customer_id" UUID NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "roles" VARCHAR(200) NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "purposes" VARCHAR(200) NOT NULL,
    "task_ids" TEXT NOT NULL,
    "break_glass_ids" TEXT,
    "fields_read" TEXT NOT NULL,
    "found_by" VARCHAR(40),
    "explained" VARCHAR(100)
);
CREATE INDEX "idx_accesses_entry_7a83c1" ON "accesses" ("entry");
CREATE INDEX "idx_accesses_custome_c25154" ON "accesses" ("customer_id", "at");
COMMENT ON COLUMN "accesses"."found_by" IS 'What somebody was looked up by who does not know their customer number.';
COMMENT ON TABLE "accesses" IS 'One reading of one customer''s data, for the customer to see; the lists are words separated by blanks.';
CREATE TABLE "checkpoints" (
    "size" BIGINT NOT NULL  PRIMARY KEY,
    "root" BYTEA NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "note" TEXT NOT NULL,
    "delivered" TEXT NOT NULL
);
COMMENT ON TABLE "checkpoints" IS 'What the ledger was at one moment, signed; `delivered` names the witnesses that have it, by their hash.';
CREATE TABLE "clock_readings" (
    "id" BIGINT NOT NULL  PRIMARY KEY,
    "latest_at" TIMESTAMPTZ NOT NULL,
    "proven_at" TIMESTAMPTZ NOT NULL,
    "confirmed_at" TIMESTAMPTZ,
    "count" BIGINT NOT NULL
);
COMMENT ON TABLE "clock_readings" IS 'What is known of the time; one row, of id 1.';
CREATE TABLE "contact_codes" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "customer_id" UUID NOT NULL,
    "contact_point_id" UUID NOT NULL,
    "point_revision" INT NOT NULL,
    "digest" BYTEA NOT NULL,
    "tries" INT NOT NULL,
    "sent_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ
);
CREATE INDEX "idx_contact_cod_custome_5426e8" ON "contact_codes" ("customer_id");
CREATE INDEX "idx_contact_cod_contact_209edb" ON "contact_codes" ("contact_point_id");
COMMENT ON TABLE "contact_codes" IS 'One code: the latest of a contact point is the only one that is good, and that only once.';
CREATE TABLE "customers" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "number" VARCHAR(20) NOT NULL UNIQUE,
    "status" VARCHAR(40) NOT NULL,
    "restricted" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON COLUMN "customers"."status" IS 'Whether a customer is active.';
COMMENT ON COLUMN "customers"."restricted" IS 'processing is restricted: storage only';
COMMENT ON TABLE "customers" IS 'A person, as a number: personal values live in the category tables.';
CREATE TABLE "accounts" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "kind" VARCHAR(40) NOT NULL,
    "login" VARCHAR(200) NOT NULL UNIQUE,
    "password_hash" VARCHAR(200),
    "active" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "customer_id" UUID  UNIQUE REFERENCES "customers" ("id") ON DELETE CASCADE
);
COMMENT ON COLUMN "accounts"."kind" IS 'The kinds of actor; each kind has policy rules of its own.';
COMMENT ON TABLE "accounts" IS 'One who can sign in and, unless a customer, carry tasks.';
CREATE TABLE "access_changes" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "kind" VARCHAR(40) NOT NULL,
    "role" VARCHAR(20),
    "at" TIMESTAMPTZ NOT NULL,
    "notified_at" TIMESTAMPTZ,
    "account_id" UUID NOT NULL REFERENCES "accounts" ("id") ON DELETE CASCADE,
    "by_id" UUID REFERENCES "accounts" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_access_chan_account_8e8480" ON "access_changes" ("account_id");
CREATE INDEX "idx_access_chan_by_id_8a11f5" ON "access_changes" ("by_id");
CREATE INDEX "idx_access_chan_notifie_31ab87" ON "access_changes" ("notified_at", "at");
COMMENT ON COLUMN "access_changes"."kind" IS 'What was changed of who may do what.';
COMMENT ON TABLE "access_changes" IS 'One change of who may do what.';
CREATE TABLE "attestations" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "category" VARCHAR(40) NOT NULL,
    "row_id" UUID NOT NULL,
    "revision" INT NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "by_id" UUID REFERENCES "accounts" ("id") ON DELETE SET NULL,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_attestation_by_id_90934d" ON "attestations" ("by_id");
CREATE INDEX "idx_attestation_custome_a7d240" ON "attestations" ("customer_id");
COMMENT ON COLUMN "attestations"."category" IS 'the category of the row';
COMMENT ON TABLE "attestations" IS 'One row of a customer''s data, confirmed to be right as it stood in one revision.';
CREATE TABLE "break_glasses" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "purpose" VARCHAR(20) NOT NULL,
    "special" BOOL NOT NULL,
    "content" BYTEA NOT NULL,
    "reason_digest" BYTEA NOT NULL,
    "state" VARCHAR(40) NOT NULL,
    "requested_at" TIMESTAMPTZ NOT NULL,
    "ends_at" TIMESTAMPTZ NOT NULL,
    "opened_at" TIMESTAMPTZ,
    "verdict" VARCHAR(40),
    "reviewed_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "decided_by_id" UUID REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "requested_by_id" UUID NOT NULL REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "reviewed_by_id" UUID REFERENCES "accounts" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_break_glass_custome_a99a7f" ON "break_glasses" ("customer_id");
CREATE INDEX "idx_break_glass_decided_33f61a" ON "break_glasses" ("decided_by_id");
CREATE INDEX "idx_break_glass_request_dc9dc3" ON "break_glasses" ("requested_by_id");
CREATE INDEX "idx_break_glass_reviewe_1ef032" ON "break_glasses" ("reviewed_by_id");
CREATE INDEX "idx_break_glass_custome_d64b6e" ON "break_glasses" ("customer_id", "requested_by_id", "state");
COMMENT ON COLUMN "break_glasses"."state" IS 'The state of a break-glass request.';
COMMENT ON COLUMN "break_glasses"."verdict" IS 'The verdict of the review of a break-glass request.';
COMMENT ON TABLE "break_glasses" IS 'One request to read named categories of one customer without a task, for one purpose.';
CREATE TABLE "break_glass_categories" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "category" VARCHAR(40) NOT NULL,
    "break_glass_id" UUID NOT NULL REFERENCES "break_glasses" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_break_glass_break_g_d53d26" UNIQUE ("break_glass_id", "category")
);
CREATE INDEX "idx_break_glass_break_g_0862bf" ON "break_glass_categories" ("break_glass_id");
COMMENT ON COLUMN "break_glass_categories"."category" IS 'A kind of personal data, consented to as one: one declaration, one table, one GraphQL type.';
COMMENT ON TABLE "break_glass_categories" IS 'One category that a request names.';
CREATE TABLE "client_keys" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "digest" VARCHAR(64) NOT NULL UNIQUE,
    "arguments" VARCHAR(64) NOT NULL,
    "made" TEXT NOT NULL,
    "used_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "actor_id" UUID NOT NULL REFERENCES "accounts" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_client_keys_expires_bd9f89" ON "client_keys" ("expires_at");
CREATE INDEX "idx_client_keys_actor_i_6ac7ee" ON "client_keys" ("actor_id");
COMMENT ON TABLE "client_keys" IS 'One key of one account, with what was made under it; written in the same transaction.';
CREATE TABLE "clock_doubts" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "kind" VARCHAR(40) NOT NULL,
    "ending" VARCHAR(40) NOT NULL,
    "latest_at" TIMESTAMPTZ NOT NULL,
    "clock_at" TIMESTAMPTZ NOT NULL,
    "due" INT NOT NULL,
    "standing" INT NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "ended_by_id" UUID REFERENCES "accounts" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_clock_doubt_ended_b_76c927" ON "clock_doubts" ("ended_by_id");
COMMENT ON COLUMN "clock_doubts"."kind" IS 'In which way the clock is doubted.';
COMMENT ON TABLE "clock_doubts" IS 'A doubt of the clock. While it stands, nothing is ended by time; only somebody who has looked ends it.';
CREATE TABLE "departed_keys" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "digest" BYTEA NOT NULL
);
CREATE INDEX "idx_departed_ke_digest_d45512" ON "departed_keys" ("digest");
COMMENT ON TABLE "departed_keys" IS 'A key under which another system knows somebody who left here, as a keyed hash of 32 bytes.';
CREATE TABLE "desk_lookups" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "actor_id" UUID NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "way" VARCHAR(40) NOT NULL,
    "found" INT NOT NULL,
    "counted" INT NOT NULL,
    "alarm" BOOL NOT NULL,
    "notified_at" TIMESTAMPTZ
);
CREATE INDEX "idx_desk_lookup_actor_i_cad32b" ON "desk_lookups" ("actor_id", "at");
CREATE INDEX "idx_desk_lookup_at_9baebc" ON "desk_lookups" ("at");
COMMENT ON COLUMN "desk_lookups"."way" IS 'What somebody was looked up by who does not know their customer number.';
COMMENT ON COLUMN "desk_lookups"."notified_at" IS 'to the privacy officers, by mail';
COMMENT ON TABLE "desk_lookups" IS 'One look-up at the desk, with nothing of what was looked for.';
CREATE TABLE "dictations" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "category" VARCHAR(40) NOT NULL,
    "record_id" UUID NOT NULL,
    "record_revision" INT NOT NULL,
    "change" VARCHAR(40) NOT NULL,
    "content" BYTEA NOT NULL,
    "state" VARCHAR(40) NOT NULL,
    "recorded_roles" VARCHAR(200) NOT NULL,
    "recorded_at" TIMESTAMPTZ NOT NULL,
    "kept_until" TIMESTAMPTZ,
    "decided_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "recorded_by_id" UUID NOT NULL REFERENCES "accounts" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_dictations_custome_74accc" ON "dictations" ("customer_id");
CREATE INDEX "idx_dictations_recorde_e0cbee" ON "dictations" ("recorded_by_id");
CREATE INDEX "idx_dictations_record__fb8585" ON "dictations" ("record_id");
CREATE INDEX "idx_dictations_kept_un_62d1cb" ON "dictations" ("kept_until");
CREATE INDEX "idx_dictations_recorde_f611f0" ON "dictations" ("recorded_by_id", "recorded_at");
COMMENT ON COLUMN "dictations"."category" IS 'the category of the row';
COMMENT ON COLUMN "dictations"."change" IS 'What a dictation did to a row.';
COMMENT ON COLUMN "dictations"."state" IS 'The state of a dictation.';
COMMENT ON TABLE "dictations" IS 'One row of a customer''s data, written by somebody else on the customer''s word.';
CREATE TABLE "differences" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "field" VARCHAR(90) NOT NULL,
    "granted" BOOL NOT NULL,
    "policy" VARCHAR(16) NOT NULL,
    "row_id" UUID NOT NULL,
    "actor_id" UUID,
    "found_at" TIMESTAMPTZ NOT NULL,
    "notified_at" TIMESTAMPTZ,
    "settled_at" TIMESTAMPTZ,
    "settlement" VARCHAR(40),
    "settled_by_id" UUID REFERENCES "accounts" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_differences_settled_b7a46d" ON "differences" ("settled_by_id");
COMMENT ON COLUMN "differences"."notified_at" IS 'to the privacy officers, by mail';
COMMENT ON COLUMN "differences"."settlement" IS 'What came of looking at a difference.';
COMMENT ON TABLE "differences" IS 'A field that the server decided in one way, and plain Oso in the other, of the same record at the same instant.';
CREATE TABLE "disclosures" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "hold_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "category" VARCHAR(40) NOT NULL,
    "recipient" VARCHAR(40) NOT NULL,
    "roles" VARCHAR(200) NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "secrecy" VARCHAR(40),
    "notify_at" TIMESTAMPTZ NOT NULL,
    "notified_at" TIMESTAMPTZ
);
CREATE INDEX "idx_disclosures_custome_06aa99" ON "disclosures" ("customer_id");
CREATE INDEX "idx_disclosures_notify__6175eb" ON "disclosures" ("notify_at");
COMMENT ON COLUMN "disclosures"."category" IS 'A kind of personal data, consented to as one: one declaration, one table, one GraphQL type.';
COMMENT ON COLUMN "disclosures"."recipient" IS 'Who may ask for what is held back.';
COMMENT ON COLUMN "disclosures"."secrecy" IS 'Why the law forbids to tell the customer yet, as listed in Article 23(1) of the GDPR.';
COMMENT ON TABLE "disclosures" IS 'One disclosure of a category that a legal hold keeps back.';
CREATE TABLE "employees" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "name" VARCHAR(200) NOT NULL,
    "manager_id" UUID REFERENCES "employees" ("id") ON DELETE SET NULL,
    "actor_id" UUID NOT NULL UNIQUE REFERENCES "accounts" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_employees_manager_8ef972" ON "employees" ("manager_id");
COMMENT ON TABLE "employees" IS 'A member of staff; signs in as, and carries tasks as, its actor.';
CREATE TABLE "employee_roles" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "role" VARCHAR(20) NOT NULL,
    "employee_id" UUID NOT NULL REFERENCES "employees" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_employee_ro_employe_07d0ef" UNIQUE ("employee_id", "role")
);
CREATE INDEX "idx_employee_ro_employe_5864e2" ON "employee_roles" ("employee_id");
COMMENT ON TABLE "employee_roles" IS 'One role of one employee.';
CREATE TABLE "erasures" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "customer_id" UUID NOT NULL,
    "category" VARCHAR(40) NOT NULL,
    "successor" BYTEA NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "rows" INT NOT NULL,
    "completed_at" TIMESTAMPTZ
);
CREATE INDEX "idx_erasures_custome_ed16c6" ON "erasures" ("customer_id");
COMMENT ON COLUMN "erasures"."category" IS 'A kind of personal data, consented to as one: one declaration, one table, one GraphQL type.';
COMMENT ON TABLE "erasures" IS 'One erasure of a category of a customer''s data.';
CREATE TABLE "exports" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "state" VARCHAR(40) NOT NULL,
    "token_hash" BYTEA,
    "percent" SMALLINT NOT NULL,
    "size" BIGINT NOT NULL,
    "begun_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "downloaded_at" TIMESTAMPTZ,
    "begun_by_id" UUID REFERENCES "accounts" ("id") ON DELETE CASCADE,
    "customer_id" UUID NOT NULL UNIQUE REFERENCES "customers" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_exports_expires_ce0ea6" ON "exports" ("expires_at");
CREATE INDEX "idx_exports_begun_b_bc233f" ON "exports" ("begun_by_id");
COMMENT ON COLUMN "exports"."state" IS 'The state of an archive.';
COMMENT ON TABLE "exports" IS 'The one archive of a customer that is being made, or waits to be fetched.';
CREATE TABLE "export_chunks" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "number" INT NOT NULL,
    "content" BYTEA NOT NULL,
    "export_id" UUID NOT NULL REFERENCES "exports" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_export_chun_export__bbb7bc" UNIQUE ("export_id", "number")
);
CREATE INDEX "idx_export_chun_export__dfc624" ON "export_chunks" ("export_id");
COMMENT ON TABLE "export_chunks" IS 'A part of an archive, sealed; numbered from 0.';
CREATE TABLE "findings" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "actor_id" UUID NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_findings_custome_0e2a78" ON "findings" ("customer_id");
CREATE INDEX "idx_findings_actor_i_ec9826" ON "findings" ("actor_id", "at");
COMMENT ON TABLE "findings" IS 'That somebody at the desk found a customer: for a while they may begin what customers come to the desk for.';
CREATE TABLE "former_addresses" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "customer_id" UUID NOT NULL,
    "digest" BYTEA NOT NULL,
    "imports_only" BOOL NOT NULL DEFAULT FALSE
);
CREATE INDEX "idx_former_addr_custome_85d0d7" ON "former_addresses" ("customer_id");
CREATE INDEX "idx_former_addr_digest_54b038" ON "former_addresses" ("digest");
COMMENT ON TABLE "former_addresses" IS 'An address or personal code that was erased, removed or changed here, as a keyed hash of 32 bytes.';
CREATE TABLE "imported_rows" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "source" VARCHAR(100) NOT NULL,
    "entity" VARCHAR(40) NOT NULL,
    "key" VARCHAR(200) NOT NULL,
    "digest" BYTEA NOT NULL,
    "record_id" UUID NOT NULL,
    "imported_at" TIMESTAMPTZ NOT NULL,
    CONSTRAINT "uid_imported_ro_source_f2d55f" UNIQUE ("source", "entity", "key")
);
CREATE INDEX "idx_imported_ro_record__8274e7" ON "imported_rows" ("record_id");
COMMENT ON TABLE "imported_rows" IS 'One row of an outside source: keyed hashes of its key there and of what was read, our record.';
CREATE TABLE "instructions" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "kind" VARCHAR(40) NOT NULL,
    "consent_id" UUID,
    "consent_category" VARCHAR(40),
    "consent_purpose" VARCHAR(20),
    "special" BOOL NOT NULL,
    "content" BYTEA NOT NULL,
    "state" VARCHAR(40) NOT NULL,
    "recorded_at" TIMESTAMPTZ NOT NULL,
    "due_at" TIMESTAMPTZ NOT NULL,
    "overdue" BOOL NOT NULL,
    "decided_at" TIMESTAMPTZ,
    "medium" VARCHAR(40),
    "received_at" TIMESTAMPTZ,
    "proof" VARCHAR(40),
    "suppress" BOOL NOT NULL DEFAULT FALSE,
    "extended_at" TIMESTAMPTZ,
    "link_point_id" UUID,
    "code_point_id" UUID,
    "link_digest" BYTEA,
    "code_digest" BYTEA,
    "tries" INT NOT NULL DEFAULT 0,
    "sent_at" TIMESTAMPTZ,
    "link_ends_at" TIMESTAMPTZ,
    "fetched_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "decided_by_id" UUID REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "proved_by_id" UUID REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "recorded_by_id" UUID NOT NULL REFERENCES "accounts" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_instruction_custome_68ddf0" ON "instructions" ("customer_id");
CREATE INDEX "idx_instruction_decided_961c37" ON "instructions" ("decided_by_id");
CREATE INDEX "idx_instruction_proved__874ca0" ON "instructions" ("proved_by_id");
CREATE INDEX "idx_instruction_recorde_340acd" ON "instructions" ("recorded_by_id");
CREATE INDEX "idx_instruction_state_43c3b9" ON "instructions" ("state", "due_at");
COMMENT ON COLUMN "instructions"."kind" IS 'What an instruction is about: consents that end, or a right that the customer exercises on paper.';
COMMENT ON COLUMN "instructions"."consent_category" IS 'of which category';
COMMENT ON COLUMN "instructions"."state" IS 'The state of an instruction.';
COMMENT ON COLUMN "instructions"."medium" IS 'How somebody told what the customer wants.';
COMMENT ON COLUMN "instructions"."proof" IS 'How surely it is known that it was the customer who asked.';
COMMENT ON TABLE "instructions" IS 'One instruction about one customer: one consent, all to a category, all for a purpose, or a right on paper.';
CREATE TABLE "intakes" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "key_digest" BYTEA NOT NULL,
    "content" BYTEA,
    "code_digest" BYTEA,
    "tries" INT NOT NULL,
    "became" UUID,
    "begun_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "idx_intakes_expires_98efad" ON "intakes" ("expires_at");
COMMENT ON TABLE "intakes" IS 'One intake: of a visitor, under a ring of its own until the code comes back; of staff, done at once.';
CREATE TABLE "ledger_entries" (
    "number" BIGINT NOT NULL  PRIMARY KEY,
    "entry" BYTEA NOT NULL,
    "leaf" BYTEA NOT NULL
);
COMMENT ON TABLE "ledger_entries" IS 'One entry, numbered from 0 without a gap; append-only.';
CREATE TABLE "ledger_head" (
    "id" BIGINT NOT NULL  PRIMARY KEY,
    "size" BIGINT NOT NULL,
    "frontier" BYTEA NOT NULL
);
COMMENT ON TABLE "ledger_head" IS 'How many entries there are, and the hashes that their tree''s root is made of; one row, of id 1.';
CREATE TABLE "legal_holds" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL DEFAULT 1,
    "category" VARCHAR(40) NOT NULL,
    "reason" VARCHAR(40) NOT NULL,
    "content" BYTEA,
    "placed_at" TIMESTAMPTZ NOT NULL,
    "until" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "erased_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "placed_by_id" UUID REFERENCES "accounts" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_legal_holds_custome_382fba" ON "legal_holds" ("customer_id");
CREATE INDEX "idx_legal_holds_placed__b45430" ON "legal_holds" ("placed_by_id");
COMMENT ON COLUMN "legal_holds"."category" IS 'A kind of personal data, consented to as one: one declaration, one table, one GraphQL type.';
COMMENT ON COLUMN "legal_holds"."reason" IS 'The reason for a legal hold, as listed in Article 17(3) of the GDPR.';
COMMENT ON TABLE "legal_holds" IS 'A category of one customer''s data that must be kept until a day, for a listed reason.';
CREATE TABLE "held_rows" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "held_table" VARCHAR(40) NOT NULL,
    "row_id" UUID NOT NULL,
    "revision" INT NOT NULL,
    "content" BYTEA NOT NULL,
    "plain" TEXT NOT NULL,
    "hold_id" UUID NOT NULL REFERENCES "legal_holds" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_held_rows_hold_id_0e2897" ON "held_rows" ("hold_id");
COMMENT ON TABLE "held_rows" IS 'A row that was taken out of its category instead of being erased, as it lay there: sealed.';
CREATE TABLE "messages" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "customer_id" UUID NOT NULL,
    "contact_point_id" UUID,
    "template" VARCHAR(40) NOT NULL,
    "channel" VARCHAR(40) NOT NULL,
    "purpose" VARCHAR(20),
    "state" VARCHAR(40) NOT NULL,
    "content" BYTEA,
    "attempts" INT NOT NULL,
    "queued_at" TIMESTAMPTZ NOT NULL,
    "next_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ,
    "finished_at" TIMESTAMPTZ,
    "code" VARCHAR(60)
);
CREATE INDEX "idx_messages_custome_3631d3" ON "messages" ("customer_id");
CREATE INDEX "idx_messages_state_3914f0" ON "messages" ("state", "next_at");
COMMENT ON COLUMN "messages"."template" IS 'what it says';
COMMENT ON COLUMN "messages"."channel" IS 'The channel of a message.';
COMMENT ON COLUMN "messages"."state" IS 'The state of a message.';
COMMENT ON TABLE "messages" IS 'One message to one customer; its content is gone once it has been sent, or will not be.';
CREATE TABLE "missed_lookups" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "actor_id" UUID NOT NULL,
    "caller_id" UUID,
    "kind" VARCHAR(20) NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "purposes" VARCHAR(200) NOT NULL,
    "lookups" TEXT NOT NULL,
    "asked" INT NOT NULL,
    "found" INT NOT NULL,
    "counted" INT NOT NULL,
    "refused_until" TIMESTAMPTZ,
    "alarm" BOOL NOT NULL,
    "notified_at" TIMESTAMPTZ
);
CREATE INDEX "idx_missed_look_actor_i_e354cd" ON "missed_lookups" ("actor_id", "at");
CREATE INDEX "idx_missed_look_actor_i_efa7f4" ON "missed_lookups" ("actor_id", "refused_until");
CREATE INDEX "idx_missed_look_at_06e7ef" ON "missed_lookups" ("at");
COMMENT ON COLUMN "missed_lookups"."notified_at" IS 'to the privacy officers, by mail';
COMMENT ON TABLE "missed_lookups" IS 'One answer in which records that were looked up were not found, because they are not there or may not be seen.';
CREATE TABLE "notices" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "purpose" VARCHAR(20) NOT NULL,
    "language" VARCHAR(10) NOT NULL,
    "version" VARCHAR(20) NOT NULL,
    "text" TEXT NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    CONSTRAINT "uid_notices_purpose_956b33" UNIQUE ("purpose", "language", "version")
);
COMMENT ON TABLE "notices" IS 'A privacy notice: one text for one purpose in one language and version, never edited.';
CREATE TABLE "consents" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL DEFAULT 1,
    "category" VARCHAR(40) NOT NULL,
    "purpose" VARCHAR(20) NOT NULL,
    "state" VARCHAR(40) NOT NULL,
    "permits" BOOL NOT NULL,
    "denies" BOOL NOT NULL DEFAULT FALSE,
    "collection_method" VARCHAR(40),
    "content" BYTEA,
    "code" VARCHAR(60),
    "expires_at" TIMESTAMPTZ NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "officers_told" BOOL,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "notice_id" UUID NOT NULL REFERENCES "notices" ("id") ON DELETE RESTRICT,
    "recorded_by_id" UUID REFERENCES "accounts" ("id") ON DELETE SET NULL,
    "suspended_by_id" UUID REFERENCES "instructions" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_consents_officer_88bc43" ON "consents" ("officers_told");
CREATE INDEX "idx_consents_custome_81f14c" ON "consents" ("customer_id");
CREATE INDEX "idx_consents_notice__e81450" ON "consents" ("notice_id");
CREATE INDEX "idx_consents_recorde_403184" ON "consents" ("recorded_by_id");
CREATE INDEX "idx_consents_suspend_67206b" ON "consents" ("suspended_by_id");
CREATE INDEX "idx_consents_custome_054ae0" ON "consents" ("customer_id", "category", "permits");
COMMENT ON COLUMN "consents"."category" IS 'A kind of personal data, consented to as one: one declaration, one table, one GraphQL type.';
COMMENT ON COLUMN "consents"."state" IS 'The state of a consent, as the Data Privacy Vocabulary names it.';
COMMENT ON COLUMN "consents"."collection_method" IS 'how the customer''s word reached us';
COMMENT ON TABLE "consents" IS 'One consent: a customer, a category, a purpose, and the notice that was shown.';
CREATE TABLE "consent_events" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "state" VARCHAR(40) NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "by_id" UUID REFERENCES "accounts" ("id") ON DELETE SET NULL,
    "consent_id" UUID NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_consent_eve_by_id_999f47" ON "consent_events" ("by_id");
CREATE INDEX "idx_consent_eve_consent_9a49d4" ON "consent_events" ("consent_id");
COMMENT ON COLUMN "consent_events"."state" IS 'The state of a consent, as the Data Privacy Vocabulary names it.';
COMMENT ON TABLE "consent_events" IS 'One change of a consent''s state; append-only.';
CREATE TABLE "contact_points" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" UUID,
    "collected_at" TIMESTAMPTZ NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMPTZ,
    "verified_by" UUID,
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMPTZ,
    "kind" VARCHAR(40) NOT NULL,
    "content" BYTEA NOT NULL,
    "value_index" BYTEA,
    "consent_id" UUID NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_contact_poi_value_i_da689c" ON "contact_points" ("value_index");
CREATE INDEX "idx_contact_poi_consent_e55d89" ON "contact_points" ("consent_id");
CREATE INDEX "idx_contact_poi_custome_c208f0" ON "contact_points" ("customer_id");
COMMENT ON COLUMN "contact_points"."kind" IS 'The kind of contact point.';
COMMENT ON TABLE "contact_points" IS 'An e-mail address, telephone number or fax number of a customer.';
CREATE TABLE "health_records" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" UUID,
    "collected_at" TIMESTAMPTZ NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMPTZ,
    "verified_by" UUID,
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMPTZ,
    "content" BYTEA NOT NULL,
    "consent_id" UUID NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_health_reco_consent_75d377" ON "health_records" ("consent_id");
CREATE INDEX "idx_health_reco_custome_8a7fb1" ON "health_records" ("customer_id");
COMMENT ON TABLE "health_records" IS 'A condition or an allergy of a customer: a special category of data (GDPR, Art. 9).';
CREATE TABLE "identities" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" UUID,
    "collected_at" TIMESTAMPTZ NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMPTZ,
    "verified_by" UUID,
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMPTZ,
    "content" BYTEA NOT NULL,
    "given_name_index" BYTEA,
    "family_name_index" BYTEA,
    "company_name_index" BYTEA,
    "consent_id" UUID NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_identities_custome_d8673c" UNIQUE ("customer_id")
);
CREATE INDEX "idx_identities_given_n_b49054" ON "identities" ("given_name_index");
CREATE INDEX "idx_identities_family__35963e" ON "identities" ("family_name_index");
CREATE INDEX "idx_identities_company_26ec95" ON "identities" ("company_name_index");
CREATE INDEX "idx_identities_consent_fd4eca" ON "identities" ("consent_id");
CREATE INDEX "idx_identities_custome_d8673c" ON "identities" ("customer_id");
COMMENT ON TABLE "identities" IS 'A customer''s name, and the company that the customer acts for.';
CREATE TABLE "identity_evidence" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" UUID,
    "collected_at" TIMESTAMPTZ NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMPTZ,
    "verified_by" UUID,
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMPTZ,
    "kind" VARCHAR(40) NOT NULL,
    "strength" VARCHAR(40) NOT NULL,
    "supervised" BOOL NOT NULL,
    "expires_on" DATE NOT NULL,
    "content" BYTEA NOT NULL,
    "consent_id" UUID NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_identity_ev_consent_3f7596" ON "identity_evidence" ("consent_id");
CREATE INDEX "idx_identity_ev_custome_58b89c" ON "identity_evidence" ("customer_id");
COMMENT ON COLUMN "identity_evidence"."kind" IS 'The kind of document.';
COMMENT ON COLUMN "identity_evidence"."strength" IS 'The strength of the evidence.';
COMMENT ON COLUMN "identity_evidence"."supervised" IS 'Whether it was shown in person or under supervision.';
COMMENT ON COLUMN "identity_evidence"."expires_on" IS 'The last day on which the document is valid.';
COMMENT ON TABLE "identity_evidence" IS 'An identity document that a customer showed; neither a picture of it nor its whole number is kept.';
CREATE TABLE "interactions" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" UUID,
    "collected_at" TIMESTAMPTZ NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMPTZ,
    "verified_by" UUID,
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMPTZ,
    "channel" VARCHAR(40) NOT NULL,
    "occurred_at" TIMESTAMPTZ NOT NULL,
    "content" BYTEA NOT NULL,
    "consent_id" UUID NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_interaction_consent_2f64b3" ON "interactions" ("consent_id");
CREATE INDEX "idx_interaction_custome_573702" ON "interactions" ("customer_id");
COMMENT ON COLUMN "interactions"."channel" IS 'The channel.';
COMMENT ON COLUMN "interactions"."occurred_at" IS 'When it took place.';
COMMENT ON TABLE "interactions" IS 'One note, call, e-mail or meeting about a customer.';
CREATE TABLE "orders" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" UUID,
    "collected_at" TIMESTAMPTZ NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMPTZ,
    "verified_by" UUID,
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMPTZ,
    "placed_at" TIMESTAMPTZ NOT NULL,
    "content" BYTEA NOT NULL,
    "consent_id" UUID NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_orders_consent_0c3f04" ON "orders" ("consent_id");
CREATE INDEX "idx_orders_custome_384e97" ON "orders" ("customer_id");
COMMENT ON COLUMN "orders"."placed_at" IS 'When it was placed.';
COMMENT ON TABLE "orders" IS 'One order of a customer.';
CREATE TABLE "outside_keys" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "content" BYTEA NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_outside_key_custome_42c883" ON "outside_keys" ("customer_id");
COMMENT ON TABLE "outside_keys" IS 'Under which key an outside source knows a customer, sealed as the customer''s own; goes with the customer.';
CREATE TABLE "partners" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "name" VARCHAR(200) NOT NULL UNIQUE,
    "active" BOOL NOT NULL,
    "networks" VARCHAR(1000) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON COLUMN "partners"."networks" IS 'From where its clients come, in CIDR notation, separated by blanks; empty where it has told no networks.';
COMMENT ON TABLE "partners" IS 'A subcontractor.';
CREATE TABLE "agreements" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "signed" BOOL NOT NULL,
    "signed_at" TIMESTAMPTZ,
    "from_at" TIMESTAMPTZ NOT NULL,
    "until_at" TIMESTAMPTZ NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "partner_id" UUID NOT NULL REFERENCES "partners" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_agreements_partner_53f8ea" ON "agreements" ("partner_id");
COMMENT ON TABLE "agreements" IS 'An agreement with a partner: in force once signed, from `from_at` until `until_at`.';
CREATE TABLE "agreement_terms" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "purpose" VARCHAR(20) NOT NULL,
    "category" VARCHAR(40) NOT NULL,
    "field" VARCHAR(60) NOT NULL,
    "agreement_id" UUID NOT NULL REFERENCES "agreements" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_agreement_t_agreeme_8dbb2e" UNIQUE ("agreement_id", "purpose", "category", "field")
);
CREATE INDEX "idx_agreement_t_agreeme_d77a58" ON "agreement_terms" ("agreement_id");
COMMENT ON COLUMN "agreement_terms"."category" IS 'A kind of personal data, consented to as one: one declaration, one table, one GraphQL type.';
COMMENT ON COLUMN "agreement_terms"."field" IS 'the GraphQL name of the field';
COMMENT ON TABLE "agreement_terms" IS 'One permission of an agreement: a purpose, a category and one field of it.';
CREATE TABLE "obligations" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "kind" VARCHAR(40) NOT NULL DEFAULT 'ERASE',
    "customer_id" UUID NOT NULL,
    "category" VARCHAR(40),
    "record_id" UUID,
    "request_id" UUID,
    "created_at" TIMESTAMPTZ NOT NULL,
    "due_at" TIMESTAMPTZ NOT NULL,
    "acknowledged_at" TIMESTAMPTZ,
    "acknowledged_by_id" UUID REFERENCES "accounts" ("id") ON DELETE SET NULL,
    "partner_id" UUID NOT NULL REFERENCES "partners" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_obligations_custome_e974ae" ON "obligations" ("customer_id");
CREATE INDEX "idx_obligations_request_6f752c" ON "obligations" ("request_id");
CREATE INDEX "idx_obligations_acknowl_fb0bc1" ON "obligations" ("acknowledged_by_id");
CREATE INDEX "idx_obligations_partner_df8e5e" ON "obligations" ("partner_id");
COMMENT ON COLUMN "obligations"."kind" IS 'what is to be done';
COMMENT ON COLUMN "obligations"."category" IS 'the category of the row';
COMMENT ON TABLE "obligations" IS 'A partner is to erase what it has of a customer, or to put a row of it right, until a day, and to say that it has.';
CREATE TABLE "partner_clients" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "name" VARCHAR(200) NOT NULL,
    "partner_id" UUID NOT NULL REFERENCES "partners" ("id") ON DELETE RESTRICT,
    "actor_id" UUID NOT NULL UNIQUE REFERENCES "accounts" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_partner_cli_partner_0414ee" ON "partner_clients" ("partner_id");
COMMENT ON TABLE "partner_clients" IS 'A partner''s program; signs in as, and carries tasks as, its actor.';
CREATE TABLE "password_codes" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "contact_point_id" UUID,
    "point_revision" INT,
    "digest" BYTEA NOT NULL,
    "begun_by_id" UUID,
    "sent_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ,
    "account_id" UUID REFERENCES "accounts" ("id") ON DELETE CASCADE,
    "customer_id" UUID REFERENCES "customers" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_password_co_account_387d8b" ON "password_codes" ("account_id");
CREATE INDEX "idx_password_co_custome_e121bd" ON "password_codes" ("customer_id");
COMMENT ON TABLE "password_codes" IS 'One code: good once, until it expires, or another one for the same person was used.';
CREATE TABLE "payment_cards" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" UUID,
    "collected_at" TIMESTAMPTZ NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMPTZ,
    "verified_by" UUID,
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMPTZ,
    "content" BYTEA NOT NULL,
    "token_index" BYTEA,
    "consent_id" UUID NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_payment_car_token_i_33fab6" ON "payment_cards" ("token_index");
CREATE INDEX "idx_payment_car_consent_46af5f" ON "payment_cards" ("consent_id");
CREATE INDEX "idx_payment_car_custome_0b5aad" ON "payment_cards" ("customer_id");
COMMENT ON TABLE "payment_cards" IS 'A payment card of a customer. Its number is not kept, and its token is never shown.';
CREATE TABLE "personal_codes" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" UUID,
    "collected_at" TIMESTAMPTZ NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMPTZ,
    "verified_by" UUID,
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMPTZ,
    "country_digest" BYTEA NOT NULL,
    "content" BYTEA NOT NULL,
    "code_index" BYTEA,
    "consent_id" UUID NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_personal_co_code_in_f9d044" ON "personal_codes" ("code_index");
CREATE INDEX "idx_personal_co_consent_ba97bd" ON "personal_codes" ("consent_id");
CREATE INDEX "idx_personal_co_custome_e6d5df" ON "personal_codes" ("customer_id");
COMMENT ON TABLE "personal_codes" IS 'A national identification number; stricter rules apply to it, so it is a category of its own.';
CREATE TABLE "postal_addresses" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" UUID,
    "collected_at" TIMESTAMPTZ NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMPTZ,
    "verified_by" UUID,
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMPTZ,
    "kind" VARCHAR(40) NOT NULL,
    "content" BYTEA NOT NULL,
    "consent_id" UUID NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_postal_addr_consent_d0ad59" ON "postal_addresses" ("consent_id");
CREATE INDEX "idx_postal_addr_custome_e5df76" ON "postal_addresses" ("customer_id");
COMMENT ON COLUMN "postal_addresses"."kind" IS 'What the address is used for.';
COMMENT ON TABLE "postal_addresses" IS 'A postal address of a customer.';
CREATE TABLE "preferences" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" UUID,
    "collected_at" TIMESTAMPTZ NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMPTZ,
    "verified_by" UUID,
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMPTZ,
    "channel" VARCHAR(40) NOT NULL,
    "content" BYTEA NOT NULL,
    "consent_id" UUID NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_preferences_consent_d96751" ON "preferences" ("consent_id");
CREATE INDEX "idx_preferences_custome_9ca687" ON "preferences" ("customer_id");
COMMENT ON COLUMN "preferences"."channel" IS 'The channel.';
COMMENT ON TABLE "preferences" IS 'A preference of a customer: messages on one topic by one channel. A customer without preferences wants none.';
CREATE TABLE "receipts" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "customer_id" UUID NOT NULL,
    "state" VARCHAR(40) NOT NULL,
    "made_at" TIMESTAMPTZ NOT NULL,
    "document" TEXT NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "consent_id" UUID NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_receipts_custome_24b54c" ON "receipts" ("customer_id");
CREATE INDEX "idx_receipts_consent_00e8d1" ON "receipts" ("consent_id");
COMMENT ON COLUMN "receipts"."state" IS 'The state of a consent, as the Data Privacy Vocabulary names it.';
COMMENT ON TABLE "receipts" IS 'A receipt for one turn of one consent, never edited.';
CREATE TABLE "sessions" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "confirmed_until" TIMESTAMPTZ,
    "last_seen_at" TIMESTAMPTZ,
    "agent" VARCHAR(40),
    "place" BYTEA,
    "new_place" BOOL NOT NULL DEFAULT FALSE,
    "actor_id" UUID NOT NULL REFERENCES "accounts" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_sessions_actor_i_3aca3c" ON "sessions" ("actor_id");
COMMENT ON COLUMN "sessions"."confirmed_until" IS 'by the password once more';
COMMENT ON COLUMN "sessions"."agent" IS 'What somebody signed in with, as it calls itself.';
COMMENT ON TABLE "sessions" IS 'A bearer token, kept only as its SHA-256: 32 bytes, so that the table opens no door.';
CREATE TABLE "submissions" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "key_id" UUID NOT NULL,
    "taken_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "idx_submissions_key_id_1c0b33" ON "submissions" ("key_id");
COMMENT ON TABLE "submissions" IS 'A sealed submission that was taken: its nonce is the id. Nothing of what was in it.';
CREATE TABLE "suppressions" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "bucket" SMALLINT NOT NULL,
    "digest" BYTEA NOT NULL,
    "imports_only" BOOL NOT NULL DEFAULT FALSE,
    "at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "idx_suppression_bucket_c6fa19" ON "suppressions" ("bucket");
COMMENT ON TABLE "suppressions" IS 'An address or personal code of somebody who left, by which nobody is to be taken in again.';
CREATE TABLE "tasks" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL DEFAULT 1,
    "purpose" VARCHAR(20) NOT NULL,
    "status" VARCHAR(40) NOT NULL,
    "opened_at" TIMESTAMPTZ NOT NULL,
    "due_at" TIMESTAMPTZ,
    "extended_at" TIMESTAMPTZ,
    "handed_back_at" TIMESTAMPTZ,
    "occasion" VARCHAR(40),
    "priority" VARCHAR(40) NOT NULL DEFAULT '2-normal',
    "content" BYTEA,
    "closed_at" TIMESTAMPTZ,
    "outcome" VARCHAR(40),
    "agreement_id" UUID REFERENCES "agreements" ("id") ON DELETE RESTRICT,
    "assignee_id" UUID REFERENCES "accounts" ("id") ON DELETE SET NULL,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "opened_by_id" UUID REFERENCES "accounts" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_tasks_agreeme_ac3b9c" ON "tasks" ("agreement_id");
CREATE INDEX "idx_tasks_assigne_1fb53f" ON "tasks" ("assignee_id");
CREATE INDEX "idx_tasks_custome_c62ce7" ON "tasks" ("customer_id");
CREATE INDEX "idx_tasks_opened__7fdedd" ON "tasks" ("opened_by_id");
CREATE INDEX "idx_tasks_custome_7198f1" ON "tasks" ("customer_id", "assignee_id", "status");
COMMENT ON COLUMN "tasks"."status" IS 'Whether a task is open.';
COMMENT ON COLUMN "tasks"."occasion" IS 'What of the customer''s own asks for a task, as it was when the task was given or put off last.';
COMMENT ON COLUMN "tasks"."priority" IS 'How urgent a task is; the values sort from the most urgent.';
COMMENT ON COLUMN "tasks"."outcome" IS 'How a task ended.';
COMMENT ON TABLE "tasks" IS 'One task for one customer and one purpose, carried by an employee or a partner''s client.';
CREATE TABLE "requests" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "kind" VARCHAR(40) NOT NULL,
    "category" VARCHAR(40) NOT NULL,
    "record_id" UUID,
    "record_revision" INT,
    "content" BYTEA,
    "state" VARCHAR(40) NOT NULL,
    "received_at" TIMESTAMPTZ NOT NULL,
    "due_at" TIMESTAMPTZ NOT NULL,
    "extended_at" TIMESTAMPTZ,
    "decided_at" TIMESTAMPTZ,
    "decided_roles" VARCHAR(200) NOT NULL,
    "overdue" BOOL NOT NULL,
    "medium" VARCHAR(40),
    "proof" VARCHAR(40),
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "decided_by_id" UUID REFERENCES "accounts" ("id") ON DELETE SET NULL,
    "recorded_by_id" UUID REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "task_id" UUID REFERENCES "tasks" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_requests_record__3ac024" ON "requests" ("record_id");
CREATE INDEX "idx_requests_custome_5e6215" ON "requests" ("customer_id");
CREATE INDEX "idx_requests_decided_261f59" ON "requests" ("decided_by_id");
CREATE INDEX "idx_requests_recorde_ea71c4" ON "requests" ("recorded_by_id");
CREATE INDEX "idx_requests_task_id_e7ac41" ON "requests" ("task_id");
CREATE INDEX "idx_requests_state_60083c" ON "requests" ("state", "due_at");
COMMENT ON COLUMN "requests"."kind" IS 'which right';
COMMENT ON COLUMN "requests"."category" IS 'the category of the row';
COMMENT ON COLUMN "requests"."state" IS 'The state of a request.';
COMMENT ON COLUMN "requests"."medium" IS 'How somebody told what the customer wants.';
COMMENT ON COLUMN "requests"."proof" IS 'How surely it is known that it was the customer who asked.';
COMMENT ON TABLE "requests" IS 'One request of one customer about one field of one row.';
CREATE TABLE "scans" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "kind" VARCHAR(40),
    "state" VARCHAR(40) NOT NULL,
    "size" INT NOT NULL,
    "received" INT NOT NULL,
    "begun_at" TIMESTAMPTZ NOT NULL,
    "ends_at" TIMESTAMPTZ,
    "added_by_id" UUID NOT NULL REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "instruction_id" UUID REFERENCES "instructions" ("id") ON DELETE CASCADE,
    "request_id" UUID REFERENCES "requests" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_scans_ends_at_fdb204" ON "scans" ("ends_at");
CREATE INDEX "idx_scans_added_b_943d5d" ON "scans" ("added_by_id");
CREATE INDEX "idx_scans_custome_60b91f" ON "scans" ("customer_id");
CREATE INDEX "idx_scans_instruc_0e801c" ON "scans" ("instruction_id");
CREATE INDEX "idx_scans_request_ab4727" ON "scans" ("request_id");
COMMENT ON COLUMN "scans"."kind" IS 'What a scan is, as its content shows.';
COMMENT ON COLUMN "scans"."state" IS 'How far a scan has come.';
COMMENT ON TABLE "scans" IS 'The scan of one letter that an instruction or a request came by.';
CREATE TABLE "scan_parts" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "customer_id" UUID NOT NULL,
    "sealed_under" VARCHAR(40) NOT NULL,
    "number" INT NOT NULL,
    "content" BYTEA NOT NULL,
    "scan_id" UUID NOT NULL REFERENCES "scans" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_scan_parts_scan_id_221a37" UNIQUE ("scan_id", "number")
);
CREATE INDEX "idx_scan_parts_custome_42a1da" ON "scan_parts" ("customer_id");
CREATE INDEX "idx_scan_parts_scan_id_21dc22" ON "scan_parts" ("scan_id");
COMMENT ON TABLE "scan_parts" IS 'A part of a scan, numbered from 0; sealed under the key of what it came with, and so erased with that.';
CREATE TABLE "task_reviews" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "reason" VARCHAR(40) NOT NULL,
    "given_at" TIMESTAMPTZ NOT NULL,
    "content" BYTEA,
    "verdict" VARCHAR(40),
    "reviewed_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "given_by_id" UUID NOT NULL REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "given_to_id" UUID NOT NULL REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "reviewed_by_id" UUID REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "task_id" UUID NOT NULL REFERENCES "tasks" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_task_review_custome_f12c0c" ON "task_reviews" ("customer_id");
CREATE INDEX "idx_task_review_given_b_65b48c" ON "task_reviews" ("given_by_id");
CREATE INDEX "idx_task_review_given_t_2a871f" ON "task_reviews" ("given_to_id");
CREATE INDEX "idx_task_review_reviewe_4d2306" ON "task_reviews" ("reviewed_by_id");
CREATE INDEX "idx_task_review_task_id_da0e86" ON "task_reviews" ("task_id");
CREATE INDEX "idx_task_review_verdict_06b294" ON "task_reviews" ("verdict", "given_at");
COMMENT ON COLUMN "task_reviews"."reason" IS 'Why a task is reviewed.';
COMMENT ON COLUMN "task_reviews"."verdict" IS 'The verdict of a review.';
COMMENT ON TABLE "task_reviews" IS 'One giving of a task, or putting off of its day, that has to be reviewed; without a verdict until it is.';
CREATE TABLE "totps" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "secret" BYTEA NOT NULL,
    "last_step" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "confirmed_at" TIMESTAMPTZ,
    "actor_id" UUID NOT NULL UNIQUE REFERENCES "accounts" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "totps" IS 'The secret that an actor''s codes are made from; it counts once a code of it was shown.';
CREATE TABLE "recovery_codes" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "digest" BYTEA NOT NULL,
    "used_at" TIMESTAMPTZ,
    "totp_id" UUID NOT NULL REFERENCES "totps" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_recovery_co_totp_id_1d42db" ON "recovery_codes" ("totp_id");
COMMENT ON TABLE "recovery_codes" IS 'A code that works once instead of a changing one; kept as a keyed hash of 32 bytes.';
CREATE TABLE "withdrawals" (
    "id" UUID NOT NULL  PRIMARY KEY,
    "customer_id" UUID NOT NULL,
    "step" VARCHAR(40) NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "completed_at" TIMESTAMPTZ,
    "token_hash" BYTEA,
    "counts" TEXT NOT NULL,
    "entry" BIGINT,
    "certificate" TEXT
);
CREATE INDEX "idx_withdrawals_custome_c993f9" ON "withdrawals" ("customer_id");
COMMENT ON COLUMN "withdrawals"."step" IS 'The last step of a withdrawal that is done; each can be repeated.';
COMMENT ON TABLE "withdrawals" IS 'One withdrawal of one customer.';
