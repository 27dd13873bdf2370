/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table behind --connect-to: which connections really go elsewhere. Private to net. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GanConnectTo GanConnectTo;

GanConnectTo *gan_connect_to_new (const char *const *entries,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_connect_to_free (GanConnectTo *self);

gboolean gan_connect_to_find (GanConnectTo *self,
                              const char *host,
                              guint16 port,
                              const char **to_host,
                              guint16 *to_port);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanConnectTo, gan_connect_to_free)

G_END_DECLS
