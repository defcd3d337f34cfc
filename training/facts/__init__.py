"""Facts in bulk: folders of files, imports, snapshots of the store, other systems' exports."""
