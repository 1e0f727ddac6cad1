//! What a call costs in resource units (graph-facts 10). Answers name it in `x-ms-resource-unit`.

use http::Method;

use crate::graph::odata::query::Options;

/// Reads that cost two units; every other call costs one. Writes count against a limit of their own besides.
const OF_TWO: [&str; 4] = [
    "/applications",
    "/servicePrincipals/{id}/appRoleAssignments",
    "/me/transitiveMemberOf",
    "/me/transitiveMemberOf/microsoft.graph.directoryRole",
];

/// The units of a call: `$select` and a small `$top` make it cheaper, `$expand` dearer, nothing free.
pub(crate) fn units(method: &Method, template: &str, options: &Options) -> u32 {
    let base = if *method == Method::GET && OF_TWO.contains(&template) { 2 } else { 1 };
    let dearer = u32::from(options.expand);
    let cheaper = u32::from(options.select.is_some()) + u32::from(options.top.is_some_and(|top| top < 20));
    (base + dearer).saturating_sub(cheaper).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_make_a_call_cheaper_or_dearer_but_never_free() {
        let plain = Options::default();
        let select = Options { select: Some(vec!["id".into()]), ..Options::default() };
        let small = Options { top: Some(5), ..select.clone() };
        let expand = Options { expand: true, ..Options::default() };
        let get = |template, options| units(&Method::GET, template, options);
        assert_eq!(get("/applications", &plain), 2);
        assert_eq!(get("/applications", &select), 1);
        assert_eq!(get("/applications", &small), 1);
        assert_eq!(get("/applications", &expand), 3);
        assert_eq!(get("/servicePrincipals", &plain), 1);
        assert_eq!(units(&Method::POST, "/applications", &plain), 1);
    }
}
