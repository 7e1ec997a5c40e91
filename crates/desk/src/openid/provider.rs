//! The provider: where to send people, and what its answer proves.

use super::settings::{OpenId, safe};
use super::ticket::Ticket;
use super::wire;
use jiff::Timestamp;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthType, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdToken, IdTokenClaims, IdTokenFields, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadataWithLogout, RedirectUrl, Scope, StandardErrorResponse,
    StandardTokenResponse, TokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

/// Claims beside those that OpenID Connect names.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Others {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for Others {}

type Fields = IdTokenFields<Others, EmptyExtraTokenFields, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type Token = IdToken<Others, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type Claims = IdTokenClaims<Others, CoreGenderClaim>;
type Party = Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Signatures that count: those that only the provider can make. Never `none`, never one with the secret that both know.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// The word in `amr` (RFC 8176) for two factors.
const TWO_FACTORS: &str = "mfa";

/// How long what the provider says about itself is kept, in milliseconds.
const KEPT: i64 = 3_600_000;

/// By how much the provider's clock may be ahead, in seconds.
const AHEAD: i64 = 120;

/// Why somebody does not get in: a word for the record, and what people are told, with the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) why: &'static str,
    pub(crate) says: String,
}

/// Who somebody is, as the provider proved it.
#[derive(Clone, Debug)]
pub(crate) struct Proven {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) name: Option<String>,
    /// The values of the claim that gives roles.
    pub(crate) values: Vec<String>,
    pub(crate) two_factors: bool,
}

/// The provider of the configuration.
pub(crate) struct Provider {
    pub(crate) settings: OpenId,
    back: String,
    agent: ureq::Agent,
    known: Mutex<Option<(i64, ProviderMetadataWithLogout)>>,
}

fn refused(why: &'static str, says: impl Into<String>) -> Refused {
    Refused { why, says: says.into() }
}

impl Provider {
    /// A provider that has not been asked yet; the desk opens without it.
    pub(crate) fn new(settings: OpenId, public_url: &str) -> Self {
        let back = format!("{}/log-in/openid/back", public_url.trim_end_matches('/'));
        Self { settings, back, agent: wire::agent(), known: Mutex::new(None) }
    }

    /// What the provider says about itself, asked for at most once an hour. Blocks.
    fn metadata(&self, now: i64, anew: bool) -> Result<ProviderMetadataWithLogout, Refused> {
        let fresh = self.known.lock().ok().and_then(|k| k.clone()).filter(|(at, _)| !anew && (0..KEPT).contains(&(now - at)));
        if let Some((_, metadata)) = fresh {
            return Ok(metadata);
        }
        let down = |error: &dyn std::fmt::Display| {
            let (name, issuer) = (&self.settings.name, &self.settings.issuer);
            tracing::error!(%error, issuer, "the sign-in provider does not answer as it should");
            refused(
                "provider",
                format!(
                    "{name} cannot be reached at the moment. Try again in a few minutes, or log in with a local account if you have one. Administrators: openid.issuer is {issuer}; the log says more"
                ),
            )
        };
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(|e| down(&e))?;
        let metadata = ProviderMetadataWithLogout::discover(&issuer, &|request| wire::ask(&self.agent, request)).map_err(|e| {
            let cause = std::error::Error::source(&e).map(|c| format!(": {c}")).unwrap_or_default();
            down(&format!("{e}{cause}"))
        })?;
        let token = metadata.token_endpoint().map(|t| t.as_str()).unwrap_or_default();
        if !safe(metadata.authorization_endpoint().as_str()) || !safe(token) {
            return Err(down(&"its authorization and token endpoints have to be https"));
        }
        if let Ok(mut known) = self.known.lock() {
            *known = Some((now, metadata.clone()));
        }
        Ok(metadata)
    }

    fn party(&self, metadata: ProviderMetadataWithLogout) -> Result<Party, Refused> {
        let setup = |why: &dyn std::fmt::Display| {
            tracing::error!(%why, "signing in with the provider is not set up");
            refused(
                "set-up",
                "Signing in this way is not set up. Log in with a local account; administrators: the log says what is missing",
            )
        };
        let secret = self.settings.secret().map_err(|why| setup(&why))?;
        let methods = metadata.token_endpoint_auth_methods_supported().cloned().unwrap_or_default();
        let post = !methods.is_empty() && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic);
        let back = RedirectUrl::new(self.back.clone()).map_err(|why| setup(&why))?;
        let id = ClientId::new(self.settings.client_id.clone());
        let party = Party::from_provider_metadata(metadata, id, Some(ClientSecret::new(secret))).set_redirect_uri(back);
        Ok(if post { party.set_auth_type(AuthType::RequestBody) } else { party })
    }

    /// The address at the provider where somebody signs in. Blocks.
    pub(crate) fn address(&self, ticket: &Ticket, now: i64) -> Result<String, Refused> {
        let party = self.party(self.metadata(now, false)?)?;
        let (state, nonce) = (ticket.state(), ticket.nonce());
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(ticket.verifier()));
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let asked = party.authorize_url(flow, move || CsrfToken::new(state), move || Nonce::new(nonce)).add_scopes(scopes);
        Ok(asked.set_pkce_challenge(challenge).url().0.to_string())
    }

    /// Where one signs out at the provider, if it says so and was asked before.
    pub(crate) fn sign_out(&self) -> Option<String> {
        let known = self.known.lock().ok()?;
        let end = known.as_ref()?.1.additional_metadata().end_session_endpoint.clone()?;
        safe(end.as_str()).then(|| end.to_string())
    }

    /// Redeems a code, and verifies what comes for it. Blocks.
    pub(crate) fn prove(&self, ticket: &Ticket, code: String, now: i64) -> Result<Proven, Refused> {
        let party = self.party(self.metadata(now, false)?)?;
        let again = || refused("code", "The provider did not accept this sign-in, or did not answer. Sign in once more");
        let redeem = party.exchange_code(AuthorizationCode::new(code)).map_err(|_| again())?;
        let answer = redeem.set_pkce_verifier(PkceCodeVerifier::new(ticket.verifier()));
        let answer = answer.request(&|request| wire::ask(&self.agent, request)).map_err(|error| {
            tracing::warn!(%error, "a code was not redeemed");
            again()
        })?;
        let token = answer.id_token().ok_or_else(|| refused("token", "The provider sent no ID token. Tell the administrator"))?;
        let nonce = Nonce::new(ticket.nonce());
        // A provider changes its keys now and then: an unknown one is looked for once more.
        let (party, claims) = match self.verified(&party, token, &nonce, now) {
            Ok(claims) => (party, claims),
            Err(_) => {
                let party = self.party(self.metadata(now, true)?)?;
                let claims = self.verified(&party, token, &nonce, now)?;
                (party, claims)
            }
        };
        if let Some(stated) = claims.access_token_hash() {
            let odd = |_| refused("token", "The provider's answer does not fit together. Sign in once more");
            let verifier = party.id_token_verifier();
            let key = token.signing_key(&verifier).map_err(odd)?;
            let alg = token.signing_alg().map_err(odd)?;
            let hash = AccessTokenHash::from_token(answer.access_token(), alg, key)
                .map_err(|_| refused("token", "The provider's answer cannot be checked"))?;
            if hash != *stated {
                return Err(refused("token", "The provider's answer does not fit together. Sign in once more"));
            }
        }
        Ok(self.proven(&claims))
    }

    fn verified(&self, party: &Party, token: &Token, nonce: &Nonce, now: i64) -> Result<Claims, Refused> {
        let moment = SystemTime::UNIX_EPOCH + Duration::from_millis(now.unsigned_abs());
        let verifier = party.id_token_verifier().set_allowed_algs(SIGNATURES).set_time_fn(move || moment.into());
        let verifier = verifier.set_issue_time_verifier_fn(move |at| {
            if at.timestamp() > now / 1000 + AHEAD { Err("it was issued in the future".to_owned()) } else { Ok(()) }
        });
        let claims = token.claims(&verifier, nonce).map_err(|error| {
            tracing::warn!(%error, at = %Timestamp::from_millisecond(now).unwrap_or_default(), "an ID token was refused");
            refused("token", "The provider's answer could not be verified. Sign in once more; if it stays so, tell the administrator: the log says what does not fit")
        })?;
        // The crate leaves `azp` to us: whoever the token was made for, it has to be this desk.
        let stranger = claims.authorized_party().is_some_and(|party| party.as_str() != self.settings.client_id);
        if stranger {
            Err(refused("token", "The provider's answer was made for another program. Sign in once more"))
        } else {
            Ok(claims.clone())
        }
    }

    fn proven(&self, claims: &Claims) -> Proven {
        let name = claims.name().and_then(|n| n.get(None)).map(|n| n.as_str().to_owned());
        let multiple = claims.auth_method_refs().into_iter().flatten().any(|m| m.as_str() == TWO_FACTORS);
        let class = claims.auth_context_ref().map(|c| c.as_str().to_owned());
        let values = match claims.additional_claims().all.get(&self.settings.claim) {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(several)) => several.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        };
        Proven {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            name: name.or_else(|| claims.preferred_username().map(|n| n.to_string())),
            values,
            two_factors: multiple || class.is_some_and(|c| self.settings.acr.contains(&c)),
        }
    }
}
