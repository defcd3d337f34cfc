"""Facts in bulk: folders of files, imports, snapshots of the store, exports of other systems."""
