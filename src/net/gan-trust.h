/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The authorities that TLS trusts, read once for all connections. Private to net. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GAN_TYPE_TRUST (gan_trust_get_type ())
G_DECLARE_FINAL_TYPE (GanTrust, gan_trust, GAN, TRUST, GTlsDatabase)

GTlsDatabase *gan_trust_new_from_file (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_trust_ensure_system (void);

G_END_DECLS
