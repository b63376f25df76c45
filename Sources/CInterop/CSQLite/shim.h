#ifndef WARDSYNC_CSQLITE_SHIM_H
#define WARDSYNC_CSQLITE_SHIM_H
#include <sqlite3.h>

/* SQLite's "copy what is bound" marker is a cast macro, which Swift cannot import. */
static inline sqlite3_destructor_type wardsync_sqlite_transient(void) { return SQLITE_TRANSIENT; }
/* For buffers that outlive the step: bound without a copy. */
static inline sqlite3_destructor_type wardsync_sqlite_static(void) { return SQLITE_STATIC; }

/* sqlite3_db_config is variadic. */
static inline int wardsync_sqlite_config(sqlite3 *db, int option, int value) {
    return sqlite3_db_config(db, option, value, (int *)0);
}

#endif
