//! First set-up: the company, its people, tokens of its programs.

use super::remote::{Request, ask, result};
use super::{DatabaseArgs, Outcome, open, say};
use crate::words::Text;
use clap::Args;
use ordain_app::clock::IdSource;
use ordain_app::setup::{InitOptions, init_company};

#[derive(Args)]
pub(super) struct InitArgs {
    #[command(flatten)]
    at: DatabaseArgs,
    /// Name of the company.
    #[arg(long)]
    company: String,
}

#[derive(Args)]
pub(super) struct UserArgs {
    #[command(flatten)]
    at: DatabaseArgs,
    #[arg(long)]
    login: String,
    #[arg(long)]
    name: Option<String>,
    #[arg(long)]
    department: Option<String>,
    /// Role; may be given several times.
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    #[arg(long)]
    email: Option<String>,
    /// Reads the password from this variable instead of making one.
    #[arg(long, value_name = "VARIABLE")]
    password_env: Option<String>,
}

#[derive(Args)]
pub(super) struct TokenArgs {
    #[command(flatten)]
    at: DatabaseArgs,
    #[arg(long)]
    role: String,
    #[arg(long, default_value = "cli")]
    name: String,
}

pub(super) async fn run(args: InitArgs) -> Outcome {
    let settings = open::settings(args.at.database, None)?;
    let (app, _lock) = open::own_gate(&settings, None, &open::secret()?, IdSource::Real)?;
    if !app.store.orgs()?.is_empty() {
        return Err(super::Failed(say("company_exists", &[])));
    }
    let done = init_company(&app, InitOptions::new(&args.company)).await?;
    ordain_app::reconcile::seal_all(&app).await?;
    eprintln!("{}", say("first_login", &[("password", Text::plain(done.admin_password))]));
    Ok(())
}

pub(super) async fn add_user(args: UserArgs) -> Outcome {
    let password = match &args.password_env {
        None => None,
        Some(variable) => Some(std::env::var(variable)?),
    };
    let request = Request::AddUser {
        name: args.name.unwrap_or_else(|| args.login.clone()),
        login: args.login,
        department: args.department,
        roles: args.roles,
        email: args.email,
        password,
    };
    let made = result(ask(args.at.database, request).await?)?;
    if let Some(password) = made.as_str() {
        super::out!("{password}");
    }
    Ok(())
}

pub(super) async fn create_token(args: TokenArgs) -> Outcome {
    let request = Request::CreateToken { name: args.name, role: args.role };
    let token = result(ask(args.at.database, request).await?)?;
    super::out!("{}", token.as_str().unwrap_or_default());
    Ok(())
}
