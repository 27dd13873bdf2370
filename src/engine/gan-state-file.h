/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of an unfinished transfer: "name.ext.part.json", mode 0600. It owns the bytes of
 * the part file: none counts that it does not vouch for. No signed media URL and no header ever
 * stands in it. Private to engine. */
#pragma once

#include "gan-folder.h"
#include "gan-plan.h"
#include "gan-transfer.h"
#include "gan-version.h"

G_BEGIN_DECLS

typedef struct
{
  char *stem; /* name of the files without their suffixes; not written */

  /* What the transfer is of. */
  char *source; /* the link as it was given, secrets hashed */
  char *platform;
  char *id;
  char *format_id;
  char *wanted_name; /* as the user chose it, or NULL */
  char *job;         /* whose it is, or NULL: that of anybody who asks for the same */
  gboolean plain_file;

  char *file;    /* final name */
  guint64 inode; /* of the part file, by which it is known under its final name */
  char *boot_id; /* of the boot in which this was written */
  GanVersion *version;
  GanVersion *aside; /* whose bytes are kept until version has as many, or NULL */

  gboolean complete; /* all bytes are durable and checked; what is left is the rename */
  GanVerified verified;
} GanStateFile;

GanStateFile *gan_state_file_new (GanPlan *plan,
                                  const char *wanted_name,
                                  const char *stem) G_GNUC_WARN_UNUSED_RESULT;
GanStateFile *gan_state_file_load (GanFolder *folder, const char *stem) G_GNUC_WARN_UNUSED_RESULT;
void gan_state_file_free (GanStateFile *self);

gboolean gan_state_file_is_of (GanStateFile *self, GanPlan *plan, const char *wanted_name);
gboolean gan_state_file_save (GanStateFile *self, GanFolder *folder, GError **error);
gboolean gan_state_file_remove (GanStateFile *self, GanFolder *folder, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanStateFile, gan_state_file_free)

G_END_DECLS
