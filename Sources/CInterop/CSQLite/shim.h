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

/* sqlite3_config is variadic. Without statistics SQLite takes no process-wide lock for each allocation. To be called
   before anything else of SQLite. */
static inline int wardsync_sqlite_no_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

#endif
