/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An authority of this process and what it signs, made by the openssl program when first asked for,
 * in a folder that goes when the process ends. */
#pragma once

#include "gan-test-server.h"

G_BEGIN_DECLS

GTlsCertificate *gan_test_certificate_new (GanTestTlsMode mode);
GTlsCertificate *gan_test_certificate_new_for_hosts (const char *const *hosts);
const char *gan_test_certificate_get_ca_file (void);
GTlsDatabase *gan_test_certificate_get_database (void);

G_END_DECLS
