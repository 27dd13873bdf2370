/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the formats on offer: by a wish that can be remembered ("best up to 1080p"), or by their
 * ids. Immutable, atomically ref-counted. */
#pragma once

#include "gan-media.h"

G_BEGIN_DECLS

typedef struct _GanChoice GanChoice;

GanChoice *gan_choice_new_best (void) G_GNUC_WARN_UNUSED_RESULT;
GanChoice *gan_choice_new_from_quality (const char *quality,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanChoice *gan_choice_new_from_wish (const char *wish, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanChoice *gan_choice_new_from_format_id (const char *format_id) G_GNUC_WARN_UNUSED_RESULT;
GanChoice *gan_choice_ref (GanChoice *self);
void gan_choice_unref (GanChoice *self);

GanFormat *
gan_choice_select (GanChoice *self, GanMedia *media, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanChoice, gan_choice_unref)

G_END_DECLS
