//! What Entra's numbers mean to the operator, and the way out (graph-facts 11). They explain; nothing depends on them.

/// A refusal in the operator's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// What happened: a sentence without its full stop, so that the number may follow it.
    pub what: &'static str,
    /// What to do.
    pub advice: &'static str,
}

/// The explanation of the first of `codes`, the numbers after `AADSTS`, that has one.
#[must_use]
pub fn explain(codes: &[u32]) -> Option<Explanation> {
    codes.iter().find_map(|code| {
        let (_, what, advice) = TABLE.iter().find(|(all, ..)| all.contains(code))?;
        Some(Explanation { what, advice })
    })
}

const SIGN_IN_AGAIN: &str = "Sign in again; what was done stands.";

const TABLE: &[(&[u32], &str, &str)] = &[
    // --- the account -----------------------------------------------------------------------------------------------
    (
        &[50_034],
        "The sign-in service does not know this account",
        "Check the account and the tenant, or choose the cloud that the account lives in.",
    ),
    (
        &[50_020, 51_004],
        "This account does not belong to the tenant",
        "Sign in with an account of the tenant, or have it invited as a guest first.",
    ),
    (
        &[50_057],
        "This account is disabled",
        "Sign in with another account, or ask whoever keeps the accounts of this tenant.",
    ),
    (
        &[50_105, 50_177, 50_178],
        "This account may not use the app: it is not assigned to it",
        "Ask an administrator to assign you under Enterprise applications > the app > Users and groups.",
    ),
    (&[50_126, 50_056], "The user name or the password is wrong", "Sign in again."),
    (
        &[50_053],
        "The account is locked, or the address it comes from is",
        "Wait some minutes, then sign in again; a reset of the password unlocks it at once.",
    ),
    (&[50_055, 50_144], "The password has expired", "Change it on the sign-in page, then sign in again."),
    (
        &[50_058, 16_000, 160_021],
        "The browser has no sign-in, or several, that this one could use",
        "Sign in again and choose the account.",
    ),
    (
        &[90_072, 90_023],
        "This account is a guest that the tenant does not let in",
        "Sign in with an account of the tenant itself.",
    ),
    // --- proofs of identity ----------------------------------------------------------------------------------------
    (
        &[50_076, 50_074],
        "The tenant asks for a second proof of identity (MFA)",
        "Sign in again and complete it; what was done stands.",
    ),
    (
        &[50_079, 50_072, 50_129, 50_203],
        "The tenant asks for a second proof of identity (MFA) that this account has not registered yet",
        "Register it at https://aka.ms/mysecurityinfo, then sign in again.",
    ),
    (&[50_078, 50_132], "The second proof of identity (MFA) has ended", SIGN_IN_AGAIN),
    (&[500_121], "The second proof of identity (MFA) did not succeed", "Sign in again and complete it."),
    (
        &[50_173, 700_082, 70_008, 70_043, 70_044, 50_133, 50_089, 700_084, 70_046],
        "The session has ended",
        SIGN_IN_AGAIN,
    ),
    (&[50_196], "The sign-in service was asked the same too often", "Wait five minutes, then sign in again."),
    // --- Conditional Access ----------------------------------------------------------------------------------------
    (
        &[53_000],
        "A Conditional Access policy asks for a device that complies with the tenant's rules",
        "Use a computer that the tenant manages, or ask whoever keeps its policies.",
    ),
    (
        &[53_001, 53_002],
        "A Conditional Access policy asks for a device that has joined the tenant, or for an approved app",
        "Use a computer that the tenant manages, or ask whoever keeps its policies.",
    ),
    (
        &[53_003],
        "A Conditional Access policy does not let this sign-in pass",
        "If you signed in by a code, sign in by the browser: many tenants block codes. Else ask whoever keeps the policies \
         of this tenant.",
    ),
    (
        &[530_032, 530_033, 530_034, 530_035, 53_004],
        "The tenant's security defaults or a security policy do not let this sign-in pass",
        "Ask whoever keeps the policies of this tenant.",
    ),
    // --- consent ---------------------------------------------------------------------------------------------------
    (
        &[65_001],
        "Nobody has consented yet to what the app asks for",
        "Sign in again and consent on the page, or ask an administrator to consent for the tenant.",
    ),
    (
        &[65_004],
        "Consent was declined on the sign-in page",
        "Sign in again and accept, or ask an administrator to consent.",
    ),
    (
        &[65_002],
        "This client of Microsoft's may not ask for these permissions, whoever consents",
        "Choose another client: Microsoft Graph Command Line Tools, or one of your own.",
    ),
    (
        &[90_094, 90_093, 900_941, 900_971],
        "Only an administrator may consent to what the app asks for",
        "Ask an administrator of the tenant to consent to the client, or sign in as one.",
    ),
    (
        &[90_095],
        "Only an administrator may consent to what the app asks for; a request was or can be sent to them on the page",
        "Sign in again once they have consented.",
    ),
    (
        &[650_056, 650_057, 650_053],
        "The app does not list what is asked for among its permissions, or lists something that does not exist",
        "Open the client's app registration > API permissions, add the permission of Microsoft Graph, and try again.",
    ),
    (
        &[70_011, 28_002, 28_003, 700_022],
        "The sign-in service does not know what was asked for",
        "Check the client and the cloud. If both are right, tell us: this is a fault of the app.",
    ),
    (
        &[500_011, 650_052, 650_051],
        "The tenant does not know the service that was asked for",
        "Check that the tenant is in this cloud, and that Microsoft Graph is enabled in it.",
    ),
    // --- the app ---------------------------------------------------------------------------------------------------
    (
        &[700_016, 700_038, 700_011],
        "The sign-in service does not know this app in this tenant",
        "Check the client id and the tenant. If it was made just now, wait a minute; else someone has deleted it.",
    ),
    (&[70_001], "The app is not known, or not allowed, in this tenant", "Check the client id and the tenant."),
    (&[7_000_112], "The app is disabled", "Enable it in Entra, or ask who disabled it."),
    (
        &[7_000_218],
        "The app is not registered as a public client",
        "Open its app registration > Authentication, and set Allow public client flows to Yes.",
    ),
    (
        &[700_025],
        "The app is a public client, which has no secret",
        "Sign in with it by the browser, or use an app that has a credential.",
    ),
    (
        &[50_011, 500_112],
        "The app's registration lacks the address that the sign-in comes back to",
        "Open its app registration > Authentication > Add a platform > Mobile and desktop applications, and add \
         http://localhost.",
    ),
    (
        &[50_194],
        "The app is of one tenant only, and the sign-in did not say which",
        "Give the tenant's id or domain, then sign in again.",
    ),
    (
        &[900_023, 90_002],
        "The sign-in service does not know this tenant",
        "Check its id or domain. If it is right, the tenant may be in another national cloud: choose that one.",
    ),
    (&[900_144, 90_014], "The sign-in service could not read the request", "Try again; if it stays so, tell us."),
    (
        &[90_038, 900_381, 900_382, 900_383, 900_384],
        "The tenant is in another national cloud",
        "Choose the cloud that it lives in, then sign in again.",
    ),
    (
        &[50_134],
        "The tenant's data is in another place than was asked",
        "Choose the tenant's cloud, then sign in again.",
    ),
    (&[9_001_023], "Such a sign-in needs one tenant", "Give the tenant's id or domain, then sign in again."),
    (
        &[700_005],
        "The answer was meant for another tenant than was asked",
        "Give the tenant's id or domain, then sign in again.",
    ),
    // --- credentials of an app -------------------------------------------------------------------------------------
    (
        &[7_000_215],
        "The sign-in service does not know this secret",
        "If it was made just now, wait a minute. Else check that it is the secret's value and not its id; if someone has \
         removed it, make a new one.",
    ),
    (&[7_000_222], "The secret has ended", "Make a new one; setting up access again does so."),
    (
        &[700_027, 50_012],
        "The sign-in service does not accept this certificate's signature",
        "Check that this very certificate is in the app registration > Certificates & secrets, and has not ended.",
    ),
    (&[700_024], "The proof of identity is not good yet, or no longer", "Set this computer's clock, then try again."),
    (
        &[700_021, 700_211, 700_212, 700_213, 700_223, 7_000_272],
        "No federated credential of the app fits this token",
        "Compare its issuer, subject and audience with those of the app registration > Certificates & secrets > Federated \
         credentials.",
    ),
    // --- codes -----------------------------------------------------------------------------------------------------
    (&[70_018, 70_037], "The code is wrong", "Start again, and type the new code as it is shown."),
    (&[70_019], "The code has expired", "Start again; a code is good for fifteen minutes."),
    (&[90_120, 54_005], "The code was used already", "Start again."),
    (&[501_481, 501_491], "The answer does not belong to this sign-in", "Start again."),
    // --- the service -----------------------------------------------------------------------------------------------
    (
        &[50_033, 90_033, 90_024, 90_055, 90_006],
        "The sign-in service is busy or has a fault",
        "Try again in a few minutes.",
    ),
    (&[70_007], "The sign-in service does not answer in the way that was asked", "Try again; if it stays so, tell us."),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_number_of_the_contract_that_can_befall_an_operator_has_words() {
        let numbers = [
            7_000_215, 7_000_222, 700_016, 700_011, 70_001, 7_000_112, 7_000_218, 700_025, 700_027, 50_012, 90_002,
            90_038, 65_001, 65_004, 65_002, 90_094, 90_095, 650_056, 650_057, 500_011, 650_052, 50_076, 50_079, 50_072,
            50_074, 50_078, 53_000, 53_001, 53_003, 530_032, 530_035, 50_011, 50_020, 50_034, 50_057, 50_105, 50_126,
            50_173, 50_194, 50_196, 54_005, 501_481, 70_008, 700_082, 700_005, 9_001_023, 70_011, 700_022, 50_033,
            90_033, 90_024, 90_055, 70_018, 70_019, 90_120, 50_134, 900_382,
        ];
        for number in numbers {
            let words = explain(&[number]).unwrap_or_else(|| panic!("AADSTS{number}"));
            assert!(!words.what.ends_with('.') && words.advice.ends_with('.'), "AADSTS{number}: {words:?}");
        }
    }

    #[test]
    fn each_number_stands_once_and_the_first_that_is_known_counts() {
        let all: Vec<u32> = TABLE.iter().flat_map(|(codes, ..)| codes.iter().copied()).collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        assert_eq!(explain(&[1, 65_004, 65_001]), explain(&[65_004]));
        assert_eq!(explain(&[]), None);
        assert_eq!(explain(&[1]), None);
    }
}
