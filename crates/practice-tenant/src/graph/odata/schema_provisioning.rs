//! The properties of what provisioning is made of: gallery templates, jobs and the log (graph-facts 9).

use crate::graph::odata::filterable::{NAME, NONE};
use crate::graph::odata::schema::Access::Read;
use crate::graph::odata::schema::Shape::{Date, Flag, Guid, Object, Objects, Text, Texts};
use crate::graph::odata::schema::{Kind, no_defaults, property};

/// An app of the gallery.
pub(crate) static APPLICATION_TEMPLATE: Kind = Kind {
    name: "applicationTemplate",
    properties: &[
        property("id", Text, Read, NAME),
        property("categories", Texts, Read, NONE),
        property("description", Text, Read, NONE),
        property("displayName", Text, Read, NAME),
        property("homePageUrl", Text, Read, NONE),
        property("logoUrl", Text, Read, NONE),
        property("publisher", Text, Read, NAME),
        property("supportedProvisioningTypes", Texts, Read, NONE),
        property("supportedSingleSignOnModes", Texts, Read, NONE),
    ],
    sorted: &["displayName"],
    defaults: no_defaults,
};

/// A provisioning job.
pub(crate) static SYNCHRONIZATION_JOB: Kind = Kind {
    name: "synchronizationJob",
    properties: &[
        property("id", Text, Read, NONE),
        property("schedule", Object, Read, NONE),
        property("status", Object, Read, NONE),
        property("synchronizationJobSettings", Objects, Read, NONE),
        property("templateId", Text, Read, NONE),
    ],
    sorted: &[],
    defaults: no_defaults,
};

/// What a job can be made of.
pub(crate) static SYNCHRONIZATION_TEMPLATE: Kind = Kind {
    name: "synchronizationTemplate",
    properties: &[
        property("id", Text, Read, NONE),
        property("applicationId", Guid, Read, NONE),
        property("default", Flag, Read, NONE),
        property("discoverable", Flag, Read, NONE),
        property("factoryTag", Text, Read, NONE),
        property("metadata", Objects, Read, NONE),
    ],
    sorted: &[],
    defaults: no_defaults,
};

/// The settings of an app's provisioning.
pub(crate) static SYNCHRONIZATION: Kind = Kind {
    name: "synchronization",
    properties: &[property("id", Text, Read, NONE), property("secrets", Objects, Read, NONE)],
    sorted: &[],
    defaults: no_defaults,
};

/// An entry of the log.
pub(crate) static PROVISIONING_LOG: Kind = Kind {
    name: "provisioningObjectSummary",
    properties: &[
        property("id", Text, Read, NONE),
        property("activityDateTime", Date, Read, NONE),
        property("changeId", Text, Read, NONE),
        property("cycleId", Text, Read, NONE),
        property("durationInMilliseconds", Text, Read, NONE),
        property("initiatedBy", Object, Read, NONE),
        property("jobId", Text, Read, NONE),
        property("modifiedProperties", Objects, Read, NONE),
        property("provisioningAction", Text, Read, NONE),
        property("provisioningStatusInfo", Object, Read, NONE),
        property("provisioningSteps", Objects, Read, NONE),
        property("servicePrincipal", Object, Read, NONE),
        property("sourceIdentity", Object, Read, NONE),
        property("sourceSystem", Object, Read, NONE),
        property("targetIdentity", Object, Read, NONE),
        property("targetSystem", Object, Read, NONE),
        property("tenantId", Text, Read, NONE),
    ],
    sorted: &[],
    defaults: no_defaults,
};
