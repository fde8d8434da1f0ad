//! The way to a PostgreSQL server: encrypted, and trusted as far as the URL asks for it. The certificates are made for
//! the test by `openssl`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use ordain_store::{Database, Store, StoreError, Unusable};

use crate::cluster::{Cluster, own_cluster};

fn openssl(folder: &Path, words: &str) {
    let made = Command::new("openssl").args(words.split_whitespace()).current_dir(folder).output().unwrap();
    assert!(made.status.success(), "openssl {words}: {}", String::from_utf8_lossy(&made.stderr));
}

/// An authority, and a certificate of it for 127.0.0.1.
fn certificates(folder: &Path, authority: &str) -> PathBuf {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(
        folder,
        &format!(
            "req -x509 {key} -keyout {authority}.key -out {authority}.pem -days 2 -subj /CN={authority}"
        ),
    );
    openssl(folder, &format!("req {key} -keyout server.key -out server.csr -subj /CN=server"));
    fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1").unwrap();
    openssl(
        folder,
        &format!(
            "x509 -req -in server.csr -CA {authority}.pem -CAkey {authority}.key -CAcreateserial -days 2 -extfile names -out server.pem"
        ),
    );
    folder.join(format!("{authority}.pem"))
}

/// Gives the server its certificate.
fn encrypt(cluster: &Cluster, folder: &Path) {
    for name in ["server.key", "server.pem"] {
        let to = cluster.folder().join("data").join(name);
        fs::copy(folder.join(name), &to).unwrap();
        let owned =
            Command::new("chown").arg("--reference").arg(cluster.folder().join("data")).arg(&to).status();
        assert!(owned.unwrap().success());
        assert!(Command::new("chmod").arg("600").arg(&to).status().unwrap().success());
    }
    for setting in ["ssl_cert_file = 'server.pem'", "ssl_key_file = 'server.key'", "ssl = on"] {
        cluster.psql("postgres", &format!("ALTER SYSTEM SET {setting}")).unwrap();
    }
    cluster.psql("postgres", "SELECT pg_reload_conf()").unwrap();
    let since = Instant::now();
    while cluster.psql("postgres", "SHOW ssl").unwrap() != "on" {
        assert!(since.elapsed() < Duration::from_secs(10), "the server does not encrypt");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Why a database is not opened.
fn untrusted(url: &str) -> String {
    match Store::open(Database::Postgres(url)).err() {
        Some(StoreError::Unusable(Unusable::Untrusted(why))) => why,
        other => panic!("{url}: expected mistrust, got {other:?}"),
    }
}

#[test]
fn the_way_to_the_server_is_encrypted_and_trusted_as_far_as_the_url_asks() {
    let (cluster, folder) = (own_cluster(), tempfile::tempdir().unwrap());
    let stranger = certificates(folder.path(), "stranger");
    let authority = certificates(folder.path(), "authority");
    let url = cluster.fresh();
    assert!(untrusted(&format!("{url}?sslmode=require")).contains("does not support TLS"));
    encrypt(&cluster, folder.path());

    let encrypted = || {
        let sql = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
            WHERE application_name = 'ordain' AND datname IS NOT NULL";
        cluster.psql("postgres", sql).unwrap()
    };
    for (asked, wanted) in [
        ("sslmode=disable".to_owned(), "f"),
        ("sslmode=prefer".to_owned(), "t"),
        ("sslmode=require".to_owned(), "t"),
        (format!("sslmode=verify-full&sslrootcert={}", authority.display()), "t"),
        (format!("connect_timeout=3&sslrootcert={}", authority.display()), "t"),
    ] {
        let opened = Store::open(Database::Postgres(&format!("{url}?{asked}")));
        let (store, writer) = opened.unwrap_or_else(|error| panic!("{asked}: {error}"));
        assert_eq!(store.orgs().unwrap(), Vec::new());
        let nodes = store.nodes().unwrap();
        assert_eq!(encrypted(), wanted, "{asked}");
        drop((store, writer, nodes));
        closed(&cluster);
    }

    let trusting = |root: &Path| format!("sslmode=verify-full&sslrootcert={}", root.display());
    let issuer = untrusted(&format!("{url}?{}", trusting(&stranger)));
    assert!(issuer.contains("UnknownIssuer") && issuer.contains("127.0.0.1"), "{issuer}");
    assert!(untrusted(&format!("{url}?sslmode=verify-full")).contains("UnknownIssuer"));
    let other_name = url.replace("127.0.0.1", "localhost");
    let name = untrusted(&format!("{other_name}?{}", trusting(&authority)));
    assert!(name.contains("not valid for"), "{name}");

    for (asked, why) in [
        ("sslmode=verify-ca", "verify-full"),
        ("sslmode=verify-full&sslrootcert=/nowhere.pem", "/nowhere.pem"),
        (&format!("sslrootcert={}", folder.path().join("names").display()), "no certificate"),
    ] {
        let error = Store::open(Database::Postgres(&format!("{url}?{asked}"))).err().unwrap().to_string();
        assert!(error.contains(why) && !error.contains("secret"), "{asked}: {error}");
    }
}

/// Waits until the connections of the last try are gone.
fn closed(cluster: &Cluster) {
    let since = Instant::now();
    let open = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ordain'";
    while cluster.psql("postgres", open).unwrap() != "0" {
        assert!(since.elapsed() < Duration::from_secs(10), "connections stay");
        std::thread::sleep(Duration::from_millis(50));
    }
}
