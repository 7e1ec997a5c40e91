//! A small OpenID provider on this machine: it signs with a key of its own, checks what a provider checks, and errs where a test tells it to.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rsa::pkcs1v15::SigningKey;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, rand_core::OsRng};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

pub const CLIENT: &str = "comity-desk";
pub const SECRET: &str = "a secret/with +odd% signs";

/// What is wrong with what the provider sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    Nonce,
    Audience,
    SecondAudience,
    Party,
    Issuer,
    Expired,
    Future,
    NoSignature,
    SharedSecret,
    OtherKey,
    AccessHash,
    NoToken,
    Broken,
}

/// Somebody whom the provider knows.
#[derive(Clone, Debug)]
pub struct Somebody {
    pub subject: String,
    pub groups: Value,
    pub amr: Value,
}

pub struct Provider {
    pub issuer: String,
    /// The moment in seconds since 1970, by the desk's clock.
    pub now: i64,
    pub fault: Mutex<Fault>,
    pub somebody: Mutex<Somebody>,
    /// Codes and what was asked when they were given; each is redeemed once.
    codes: Mutex<HashMap<String, HashMap<String, String>>>,
    task: Mutex<Option<tokio::task::JoinHandle<()>>>,
}

fn key() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| RsaPrivateKey::new(&mut OsRng, 2048).unwrap())
}

fn other_key() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| RsaPrivateKey::new(&mut OsRng, 2048).unwrap())
}

impl Provider {
    /// Starts it under another name than the desk's, so that browsers take it for another site.
    pub async fn start(now: i64) -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let this = Arc::new(Self {
            issuer: format!("http://localhost:{}", listener.local_addr().unwrap().port()),
            now,
            fault: Mutex::new(Fault::None),
            somebody: Mutex::new(Somebody {
                subject: "s-1".to_owned(),
                groups: json!(["jail-clerks", "staff"]),
                amr: json!(["pwd", "mfa"]),
            }),
            codes: Mutex::default(),
            task: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(this.clone());
        *this.task.lock().unwrap() = Some(tokio::spawn(async { axum::serve(listener, router).await.unwrap() }));
        this
    }

    /// Ends it, as a broken network would.
    pub fn stop(&self) {
        self.task.lock().unwrap().take().unwrap().abort();
    }

    /// What the person's browser does at the provider: signs in, and is sent back. Gives the path and query at the desk.
    pub fn sign_in(&self, address: &str) -> String {
        let asked: HashMap<String, String> = form_urlencoded(address.split_once('?').unwrap().1);
        let back = self.answer(&asked);
        back.split_once("://").unwrap().1.split_once('/').map(|(_, path)| format!("/{path}")).unwrap()
    }

    fn answer(&self, asked: &HashMap<String, String>) -> String {
        assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["scope"].split(' ').any(|s| s == "openid"));
        let mut codes = self.codes.lock().unwrap();
        let code = format!("code-{}", codes.len());
        codes.insert(code.clone(), asked.clone());
        format!("{}?code={code}&state={}&iss={}", asked["redirect_uri"], asked["state"], super::escape(&self.issuer))
    }

    fn id_token(&self, nonce: &str, access: &str) -> String {
        let fault = *self.fault.lock().unwrap();
        let somebody = self.somebody.lock().unwrap().clone();
        let half = |text: &str| URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..16]);
        let mut claims = json!({"iss": self.issuer, "sub": somebody.subject, "aud": CLIENT, "iat": self.now, "exp": self.now + 300, "nonce": nonce,
            "name": "Robin Keeper", "groups": somebody.groups, "amr": somebody.amr, "at_hash": half(access)});
        match fault {
            Fault::Nonce => claims["nonce"] = json!("another"),
            Fault::Audience => claims["aud"] = json!("another-program"),
            Fault::SecondAudience => claims["aud"] = json!([CLIENT, "another-program"]),
            Fault::Party => claims["azp"] = json!("another-program"),
            Fault::Issuer => claims["iss"] = json!("https://elsewhere.example"),
            Fault::Expired => claims["exp"] = json!(self.now - 1),
            Fault::Future => claims["iat"] = json!(self.now + 3600),
            Fault::AccessHash => claims["at_hash"] = json!(half("another")),
            _ => {}
        }
        let alg = match fault {
            Fault::NoSignature => "none",
            Fault::SharedSecret => "HS256",
            _ => "RS256",
        };
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&json!({"alg": alg, "typ": "JWT", "kid": "k1"})), part(&claims));
        let signature = match fault {
            Fault::NoSignature => Vec::new(),
            Fault::SharedSecret => hmac(SECRET.as_bytes(), signed.as_bytes()),
            Fault::OtherKey => SigningKey::<rsa::sha2::Sha256>::new(other_key().clone()).sign(signed.as_bytes()).to_vec(),
            _ => SigningKey::<rsa::sha2::Sha256>::new(key().clone()).sign(signed.as_bytes()).to_vec(),
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// HMAC-SHA-256 (RFC 2104) of a short key.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let pad = |with: u8| -> Vec<u8> { (0..64).map(|i| key.get(i).copied().unwrap_or(0) ^ with).collect() };
    let inner = Sha256::digest([&pad(0x36)[..], text].concat());
    Sha256::digest([&pad(0x5c)[..], &inner[..]].concat()).to_vec()
}

fn form_urlencoded(query: &str) -> HashMap<String, String> {
    let request = axum::http::Request::get(format!("/?{query}")).body(()).unwrap();
    Query::<HashMap<String, String>>::try_from_uri(request.uri()).unwrap().0
}

async fn discovery(State(this): State<Arc<Provider>>) -> Response {
    if *this.fault.lock().unwrap() == Fault::Broken {
        return (StatusCode::BAD_GATEWAY, "the gateway is tired").into_response();
    }
    let at = |path: &str| format!("{}{path}", this.issuer);
    Json(json!({"issuer": this.issuer, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"), "jwks_uri": at("/jwks"),
        "end_session_endpoint": at("/end"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"], "code_challenge_methods_supported": ["S256"]}))
    .into_response()
}

async fn jwks() -> Json<Value> {
    let number = |n: &rsa::BigUint| URL_SAFE_NO_PAD.encode(n.to_bytes_be());
    let key = key().to_public_key();
    Json(json!({"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "k1", "n": number(key.n()), "e": number(key.e())}]}))
}

/// Signs the one person in who is at the keyboard.
async fn authorize(State(this): State<Arc<Provider>>, Query(asked): Query<HashMap<String, String>>) -> Redirect {
    Redirect::to(&this.answer(&asked))
}

async fn token(State(this): State<Arc<Provider>>, headers: HeaderMap, Form(sent): Form<HashMap<String, String>>) -> Response {
    let form = |text: &str| super::escape(text).replace("%20", "+");
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", form(CLIENT), form(SECRET))));
    let who = headers.get(header::AUTHORIZATION).map_or("", |v| v.to_str().unwrap());
    let asked = this.codes.lock().unwrap().remove(&sent["code"]);
    let challenge = sent.get("code_verifier").map(|v| URL_SAFE_NO_PAD.encode(Sha256::digest(v)));
    let fits = asked.filter(|a| challenge.as_ref() == a.get("code_challenge") && a["redirect_uri"] == sent["redirect_uri"] && who == basic);
    let Some(asked) = fits else { return (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response() };
    let access = "an-access-token";
    let mut answer = json!({"access_token": access, "token_type": "Bearer", "expires_in": 60});
    if *this.fault.lock().unwrap() != Fault::NoToken {
        answer["id_token"] = json!(this.id_token(&asked["nonce"], access));
    }
    Json(answer).into_response()
}
