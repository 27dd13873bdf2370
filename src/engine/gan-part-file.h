/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of a transfer that is not finished: "name.ext.part" beside the target. Whoever holds
 * its lock is the only writer of it and of its state file. Private to engine. */
#pragma once

#include "gan-folder.h"

G_BEGIN_DECLS

/* What a stem needs room for behind it, in bytes: see gan_file_name_make_safe(). */
#define GAN_PART_SUFFIX ".part"
#define GAN_PART_SUFFIX_ASIDE ".part.old"
#define GAN_PART_SUFFIX_STATE ".part.json"
#define GAN_PART_SUFFIX_STATE_NEW ".part.new"

typedef struct _GanPartFile GanPartFile;

gboolean
gan_part_file_create (GanFolder *folder, const char *stem, GanPartFile **part, GError **error);
gboolean gan_part_file_open (GanFolder *folder,
                             const char *stem,
                             gboolean restarted,
                             GanPartFile **part,
                             GError **error);
void gan_part_file_free (GanPartFile *self);

const char *gan_part_file_get_name (GanPartFile *self);
gint64 gan_part_file_get_size (GanPartFile *self);
guint64 gan_part_file_get_inode (GanPartFile *self);
int gan_part_file_get_descriptor (GanPartFile *self);

gssize
gan_part_file_read (GanPartFile *self, void *buffer, gsize size, gint64 offset, GError **error);
gboolean gan_part_file_write (GanPartFile *self,
                              const void *data,
                              gsize size,
                              gint64 offset,
                              GError **error);
gboolean gan_part_file_truncate (GanPartFile *self, gint64 size, GError **error);
void gan_part_file_set_time (GanPartFile *self, gint64 unix_seconds);
gboolean gan_part_file_needs_sync (GanPartFile *self, gint64 now);
gboolean gan_part_file_sync (GanPartFile *self, gint64 now, GError **error);

gboolean gan_part_file_has_aside (GanPartFile *self);
gboolean gan_part_file_set_aside (GanPartFile *self, GError **error);
gboolean gan_part_file_bring_back (GanPartFile *self, GError **error);
gboolean gan_part_file_drop_aside (GanPartFile *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanPartFile, gan_part_file_free)

G_END_DECLS
