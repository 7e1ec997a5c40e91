//! The account of somebody whom the provider knows. The provider's word decides about the role at every sign-in; without one nobody gets in.

use super::provider::{Proven, Provider, Refused};
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::people::accounts::{self, Account};
use crate::people::sessions;
use crate::people::token::hex;
use sha2::{Digest, Sha256};

/// Under what the database keeps a subject: not the provider's own name for a person.
fn kept(proven: &Proven) -> String {
    hex(&Sha256::digest(format!("comity openid subject\n{}\n{}", proven.issuer, proven.subject)))
}

/// The account, made at the first sign-in; or why there is none. Whose account it is, is told in both cases, if it is known.
pub(crate) async fn account(
    desk: &Desk,
    provider: &Provider,
    proven: &Proven,
) -> Result<Result<Account, (Option<String>, Refused)>, Failure> {
    let key = kept(proven);
    let known = accounts::find_by_openid(&desk.record, &key).await?;
    let id = known.as_ref().map(|a| a.id.clone());
    let no = |why, says: &str| Ok(Err((id.clone(), Refused { why, says: says.to_owned() })));
    let Some(role) = provider.settings.role(&proven.values) else {
        // Whoever lost the role at the provider loses what is still open here.
        if let Some(account) = &known {
            let mut tx = desk.record.begin().await?;
            sessions::end_all(tx.connection(), &account.id, "").await?;
            crate::api::tokens::end_all(tx.connection(), &account.id).await?;
            tx.commit().await?;
        }
        return no(
            "no-role",
            "You are signed in with the provider, but nothing there gives you a role at this desk. Ask whoever keeps the groups of your agency to add you to one that this desk knows",
        );
    };
    if desk.config.second_factor && !proven.two_factors {
        return no(
            "one-factor",
            "This desk asks for two factors, and the provider did not say that you used two. Sign in there with your second factor; administrators: see openid.acr in the configuration",
        );
    }
    match known {
        Some(account) if account.disabled || account.locked != 0 => {
            no("closed", "This account is disabled or locked. An administrator can open it")
        }
        Some(mut account) => {
            if account.role != role {
                let mut tx = desk.record.begin().await?;
                accounts::set_role(&mut tx, &account.id, role).await?;
                let change = format!("{} by the word of the sign-in provider", role.as_str());
                accounts::noted(&mut tx, "desk", &account.id, &change).await?;
                tx.commit().await?;
            }
            account.role = role;
            Ok(Ok(account))
        }
        None => {
            let name: String = proven.name.as_deref().unwrap_or("Without a name").chars().filter(|c| !c.is_control()).take(120).collect();
            let id = accounts::create_openid(&desk.record, &key, &name, role, desk.now_ms()).await?;
            let made = accounts::find(&desk.record, &id).await?;
            Ok(Ok(made.ok_or_else(|| Failure::internal("an account that was just made is not there"))?))
        }
    }
}
