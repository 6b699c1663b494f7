from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index as TableIndex
from tortoise.migrations import operations as ops

from models.actor import ActorKind
from models.address import AddressContent, AddressKind
from models.base import Category, Purpose
from models.consent import ConsentState
from models.contact import ContactContent, ContactKind, reachable
from models.customer import CustomerStatus, new_number
from models.employee import Role
from models.fields import Content, Index, folded
from models.identity import IdentityContent
from models.interaction import InteractionChannel, InteractionContent
from models.order import OrderContent
from models.preference import ContactChannel, PreferenceContent
from models.task import Outcome, TaskStatus


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Company",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("name", fields.CharField(unique=True, max_length=200)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="parent_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="subsidiaries",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "companies",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An organisation that customers may speak for.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Customer",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("number", fields.CharField(default=new_number, unique=True, max_length=20)),
                (
                    "status",
                    fields.CharEnumField(
                        default=CustomerStatus.ACTIVE,
                        description="ACTIVE: ACTIVE\nWITHDRAWN: WITHDRAWN",
                        enum_type=CustomerStatus,
                        max_length=20,
                    ),
                ),
                (
                    "restricted",
                    fields.BooleanField(default=False, description="processing is restricted: storage only"),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "customers",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A person, as a number: personal values live in the category tables.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Actor",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="EMPLOYEE: EMPLOYEE\nCUSTOMER: CUSTOMER\nPARTNER_CLIENT: PARTNER_CLIENT",
                        enum_type=ActorKind,
                        max_length=20,
                    ),
                ),
                ("login", fields.CharField(unique=True, max_length=200)),
                ("password_hash", fields.CharField(null=True, max_length=200)),
                ("active", fields.BooleanField(default=True)),
                (
                    "customer",
                    fields.OneToOneField(
                        "models.Customer",
                        source_field="customer_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="actor",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "actors",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One who can sign in and, unless a customer, carry tasks.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Employee",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "actor",
                    fields.OneToOneField(
                        "models.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="employee",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=200)),
                (
                    "manager",
                    fields.ForeignKeyField(
                        "models.Employee",
                        source_field="manager_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="reports",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "employees",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A member of staff; signs in as, and carries tasks as, its actor.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="EmployeeRole",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "employee",
                    fields.ForeignKeyField(
                        "models.Employee",
                        source_field="employee_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="roles",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "role",
                    fields.CharEnumField(
                        description="AGENT: agent\nMANAGER: manager\nPRIVACY_OFFICER: privacy_officer\nADMINISTRATOR: administrator",
                        enum_type=Role,
                        max_length=20,
                    ),
                ),
            ],
            options={
                "table": "employee_roles",
                "app": "models",
                "unique_together": (("employee", "role"),),
                "pk_attr": "id",
                "table_description": "One role of one employee.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="ImportedRow",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("source", fields.CharField(max_length=100)),
                ("entity", fields.CharField(max_length=40)),
                ("key", fields.CharField(max_length=200)),
                ("digest", fields.BinaryField()),
                ("record_id", fields.UUIDField(db_index=True)),
                ("imported_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "imported_rows",
                "app": "models",
                "unique_together": (("source", "entity", "key"),),
                "pk_attr": "id",
                "table_description": "One row of an outside source: its key there, a keyed digest of what was read, our record.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Notice",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "purpose",
                    fields.CharEnumField(
                        description="SUPPORT: support\nSALES: sales\nDELIVERY: delivery\nBILLING: billing\nMARKETING: marketing\nVERIFICATION: verification",
                        enum_type=Purpose,
                        max_length=20,
                    ),
                ),
                ("language", fields.CharField(max_length=10)),
                ("version", fields.CharField(max_length=20)),
                ("text", fields.TextField(unique=False)),
                ("digest", fields.CharField(max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "notices",
                "app": "models",
                "unique_together": (("purpose", "language", "version"),),
                "pk_attr": "id",
                "table_description": "A privacy notice: one text for one purpose in one language and version, never edited.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Consent",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="consents",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "category",
                    fields.CharEnumField(
                        description="IDENTITY: identity\nCONTACT: contact\nADDRESS: address\nPREFERENCE: preference\nINTERACTION: interaction\nORDER: order",
                        enum_type=Category,
                        max_length=20,
                    ),
                ),
                (
                    "purpose",
                    fields.CharEnumField(
                        description="SUPPORT: support\nSALES: sales\nDELIVERY: delivery\nBILLING: billing\nMARKETING: marketing\nVERIFICATION: verification",
                        enum_type=Purpose,
                        max_length=20,
                    ),
                ),
                (
                    "notice",
                    fields.ForeignKeyField(
                        "models.Notice",
                        source_field="notice_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="consents",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        description="REQUESTED: REQUESTED\nREQUEST_DEFERRED: REQUEST_DEFERRED\nREFUSED: REFUSED\nGIVEN: GIVEN\nRENEWED_CONSENT_GIVEN: RENEWED_CONSENT_GIVEN\nEXPIRED: EXPIRED\nINVALIDATED: INVALIDATED\nREVOKED: REVOKED\nWITHDRAWN: WITHDRAWN\nUNKNOWN: UNKNOWN",
                        enum_type=ConsentState,
                        max_length=30,
                    ),
                ),
                ("permits", fields.BooleanField()),
                (
                    "evidence",
                    fields.CharField(
                        description="how the consent can be demonstrated: a reference", max_length=200
                    ),
                ),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "consents",
                "app": "models",
                "indexes": [TableIndex(fields=["customer_id", "category", "permits"])],
                "pk_attr": "id",
                "table_description": "One consent: a customer, a category, a purpose, and the notice that was shown.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="ConsentEvent",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "consent",
                    fields.ForeignKeyField(
                        "models.Consent",
                        source_field="consent_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="events",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        description="REQUESTED: REQUESTED\nREQUEST_DEFERRED: REQUEST_DEFERRED\nREFUSED: REFUSED\nGIVEN: GIVEN\nRENEWED_CONSENT_GIVEN: RENEWED_CONSENT_GIVEN\nEXPIRED: EXPIRED\nINVALIDATED: INVALIDATED\nREVOKED: REVOKED\nWITHDRAWN: WITHDRAWN\nUNKNOWN: UNKNOWN",
                        enum_type=ConsentState,
                        max_length=30,
                    ),
                ),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Actor",
                        source_field="by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="consent_events",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "consent_events",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One change of a consent's state; append-only.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="ContactPoint",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "consent",
                    fields.ForeignKeyField(
                        "models.Consent",
                        source_field="consent_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("source", fields.CharField(max_length=100)),
                ("collected_by", fields.UUIDField(null=True)),
                ("collected_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("verification_method", fields.CharField(null=True, max_length=40)),
                ("verification_level", fields.CharField(null=True, max_length=20)),
                ("verified_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("verification_evidence", fields.CharField(null=True, max_length=100)),
                (
                    "verification_expires_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("revision", fields.IntField(default=1)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="EMAIL: EMAIL\nPHONE: PHONE\nFAX: FAX",
                        enum_type=ContactKind,
                        max_length=20,
                    ),
                ),
                ("content", Content(shape=ContactContent)),
                ("value_index", Index(null=True, db_index=True, normalise=reachable)),
            ],
            options={
                "table": "contact_points",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One way to reach a customer.",
            },
            bases=["Personal"],
        ),
        ops.CreateModel(
            name="Identity",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "consent",
                    fields.ForeignKeyField(
                        "models.Consent",
                        source_field="consent_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("source", fields.CharField(max_length=100)),
                ("collected_by", fields.UUIDField(null=True)),
                ("collected_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("verification_method", fields.CharField(null=True, max_length=40)),
                ("verification_level", fields.CharField(null=True, max_length=20)),
                ("verified_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("verification_evidence", fields.CharField(null=True, max_length=100)),
                (
                    "verification_expires_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("revision", fields.IntField(default=1)),
                ("content", Content(shape=IdentityContent)),
                ("family_name_index", Index(null=True, db_index=True, normalise=folded)),
            ],
            options={
                "table": "identities",
                "app": "models",
                "unique_together": (("customer",),),
                "pk_attr": "id",
                "table_description": "Who a customer is: at most one row a customer.",
            },
            bases=["Personal"],
        ),
        ops.CreateModel(
            name="Interaction",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "consent",
                    fields.ForeignKeyField(
                        "models.Consent",
                        source_field="consent_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("source", fields.CharField(max_length=100)),
                ("collected_by", fields.UUIDField(null=True)),
                ("collected_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("verification_method", fields.CharField(null=True, max_length=40)),
                ("verification_level", fields.CharField(null=True, max_length=20)),
                ("verified_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("verification_evidence", fields.CharField(null=True, max_length=100)),
                (
                    "verification_expires_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("revision", fields.IntField(default=1)),
                (
                    "channel",
                    fields.CharEnumField(
                        description="NOTE: NOTE\nCALL: CALL\nEMAIL: EMAIL\nMEETING: MEETING",
                        enum_type=InteractionChannel,
                        max_length=20,
                    ),
                ),
                ("occurred_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("content", Content(shape=InteractionContent)),
            ],
            options={
                "table": "interactions",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One note, call, e-mail or meeting about a customer.",
            },
            bases=["Personal"],
        ),
        ops.CreateModel(
            name="Order",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "consent",
                    fields.ForeignKeyField(
                        "models.Consent",
                        source_field="consent_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("source", fields.CharField(max_length=100)),
                ("collected_by", fields.UUIDField(null=True)),
                ("collected_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("verification_method", fields.CharField(null=True, max_length=40)),
                ("verification_level", fields.CharField(null=True, max_length=20)),
                ("verified_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("verification_evidence", fields.CharField(null=True, max_length=100)),
                (
                    "verification_expires_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("revision", fields.IntField(default=1)),
                ("placed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("content", Content(shape=OrderContent)),
            ],
            options={
                "table": "orders",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One order of a customer.",
            },
            bases=["Personal"],
        ),
        ops.CreateModel(
            name="Partner",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("name", fields.CharField(unique=True, max_length=200)),
                ("active", fields.BooleanField(default=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "partners",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A subcontractor.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Agreement",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "partner",
                    fields.ForeignKeyField(
                        "models.Partner",
                        source_field="partner_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="agreements",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("signed", fields.BooleanField(default=False)),
                ("signed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("from_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "agreements",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An agreement with a partner: in force once signed, from `from_at` until `until_at`.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="AgreementTerm",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "agreement",
                    fields.ForeignKeyField(
                        "models.Agreement",
                        source_field="agreement_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="terms",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "purpose",
                    fields.CharEnumField(
                        description="SUPPORT: support\nSALES: sales\nDELIVERY: delivery\nBILLING: billing\nMARKETING: marketing\nVERIFICATION: verification",
                        enum_type=Purpose,
                        max_length=20,
                    ),
                ),
                (
                    "category",
                    fields.CharEnumField(
                        description="IDENTITY: identity\nCONTACT: contact\nADDRESS: address\nPREFERENCE: preference\nINTERACTION: interaction\nORDER: order",
                        enum_type=Category,
                        max_length=20,
                    ),
                ),
                ("field", fields.CharField(description="the GraphQL name of the field", max_length=60)),
            ],
            options={
                "table": "agreement_terms",
                "app": "models",
                "unique_together": (("agreement", "purpose", "category", "field"),),
                "pk_attr": "id",
                "table_description": "One permission of an agreement: a purpose, a category and one field of it.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="PartnerClient",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "actor",
                    fields.OneToOneField(
                        "models.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="partner_client",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "partner",
                    fields.ForeignKeyField(
                        "models.Partner",
                        source_field="partner_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="clients",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=200)),
            ],
            options={
                "table": "partner_clients",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A partner's program; signs in as, and carries tasks as, its actor.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="PostalAddress",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "consent",
                    fields.ForeignKeyField(
                        "models.Consent",
                        source_field="consent_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("source", fields.CharField(max_length=100)),
                ("collected_by", fields.UUIDField(null=True)),
                ("collected_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("verification_method", fields.CharField(null=True, max_length=40)),
                ("verification_level", fields.CharField(null=True, max_length=20)),
                ("verified_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("verification_evidence", fields.CharField(null=True, max_length=100)),
                (
                    "verification_expires_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("revision", fields.IntField(default=1)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="HOME: HOME\nBILLING: BILLING\nDELIVERY: DELIVERY",
                        enum_type=AddressKind,
                        max_length=20,
                    ),
                ),
                ("content", Content(shape=AddressContent)),
            ],
            options={
                "table": "postal_addresses",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One postal address of a customer.",
            },
            bases=["Personal"],
        ),
        ops.CreateModel(
            name="Preference",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "consent",
                    fields.ForeignKeyField(
                        "models.Consent",
                        source_field="consent_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("source", fields.CharField(max_length=100)),
                ("collected_by", fields.UUIDField(null=True)),
                ("collected_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("verification_method", fields.CharField(null=True, max_length=40)),
                ("verification_level", fields.CharField(null=True, max_length=20)),
                ("verified_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("verification_evidence", fields.CharField(null=True, max_length=100)),
                (
                    "verification_expires_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("revision", fields.IntField(default=1)),
                (
                    "channel",
                    fields.CharEnumField(
                        description="EMAIL: EMAIL\nPHONE: PHONE\nPOST: POST",
                        enum_type=ContactChannel,
                        max_length=20,
                    ),
                ),
                ("content", Content(shape=PreferenceContent)),
            ],
            options={
                "table": "preferences",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One wish of a customer; without a wish there is silence.",
            },
            bases=["Personal"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "models.Actor",
                        source_field="actor_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("token_hash", fields.BinaryField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sessions",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A bearer token, kept only as its SHA-256: 32 bytes, so that the table opens no door.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Task",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="tasks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "purpose",
                    fields.CharEnumField(
                        description="SUPPORT: support\nSALES: sales\nDELIVERY: delivery\nBILLING: billing\nMARKETING: marketing\nVERIFICATION: verification",
                        enum_type=Purpose,
                        max_length=20,
                    ),
                ),
                (
                    "assignee",
                    fields.ForeignKeyField(
                        "models.Actor",
                        source_field="assignee_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="tasks",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "agreement",
                    fields.ForeignKeyField(
                        "models.Agreement",
                        source_field="agreement_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="tasks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "status",
                    fields.CharEnumField(
                        default=TaskStatus.OPEN,
                        description="OPEN: OPEN\nCLOSED: CLOSED",
                        enum_type=TaskStatus,
                        max_length=20,
                    ),
                ),
                (
                    "opened_by",
                    fields.ForeignKeyField(
                        "models.Actor",
                        source_field="opened_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="opened_tasks",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "outcome",
                    fields.CharEnumField(
                        null=True,
                        description="DONE: DONE\nCANCELLED: CANCELLED",
                        enum_type=Outcome,
                        max_length=20,
                    ),
                ),
            ],
            options={
                "table": "tasks",
                "app": "models",
                "indexes": [TableIndex(fields=["customer_id", "assignee_id", "status"])],
                "pk_attr": "id",
                "table_description": "One task for one customer and one purpose, carried by an employee or a partner's client.",
            },
            bases=["Record"],
        ),
    ]
