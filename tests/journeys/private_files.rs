//! Files under the data folder: only their owner reads them.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tests::{Settings, World, eventually};

/// Paths that another user of the machine can read or list. Folders that no other user may enter are not searched.
fn readable_by_others(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be listed").flatten() {
        let (path, about) = (entry.path(), entry.metadata().expect("the entry is there"));
        let mode = about.permissions().mode();
        if mode & 0o044 != 0 {
            found.push(path.clone());
        }
        if about.is_dir() && mode & 0o011 != 0 {
            readable_by_others(&path, found);
        }
    }
}

/// A mail, the logs and the locks of the private servers.
#[tokio::test(flavor = "multi_thread")]
async fn every_file_of_an_installation_is_private() {
    let world = World::with(Settings { own_servers: true, ..Settings::default() }).await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    student.post("/conversations", serde_json::json!({ "participant_id": teacher.id })).await.ok();
    teacher.signs_in().await;
    let data = world.folder.path().join("data");
    eventually("a mail is written", || async {
        let mails = std::fs::read_dir(data.join("mail")).map(|mails| mails.count()).unwrap_or_default();
        if mails > 0 { Ok(()) } else { Err("no mail yet".to_owned()) }
    })
    .await;
    let mut found = Vec::new();
    for folder in [data, world.folder.path().join("servers")] {
        assert_eq!(folder.metadata().expect("the folder is there").mode() & 0o044, 0, "{}", folder.display());
        readable_by_others(&folder, &mut found);
    }
    assert_eq!(found, Vec::<PathBuf>::new());
}
