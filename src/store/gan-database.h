/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one SQLite file of Gannet (WAL): opened, migrated and mended in one place. Used by the
 * store's thread alone; what else can be done with it is private to the layer. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GAN_DATABASE_VERSION 1

/* What opening it came to; the user is told of all but the first. */
typedef enum
{
  GAN_DATABASE_FINE,
  GAN_DATABASE_MIGRATED,  /* from an older version; the copy made before lies beside it */
  GAN_DATABASE_READ_ONLY, /* a newer Gannet wrote it: it can be read, not changed */
  GAN_DATABASE_SAVED,     /* it was damaged: set aside, what could be read was taken over */
} GanDatabaseCondition;

typedef struct _GanDatabase GanDatabase;

GanDatabase *gan_database_open (const char *path,
                                GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_database_close (GanDatabase *self);
GanDatabaseCondition gan_database_get_condition (GanDatabase *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanDatabase, gan_database_close)

G_END_DECLS
