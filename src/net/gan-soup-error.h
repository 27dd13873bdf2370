/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What GIO, TLS and libsoup say, as errors of the program. Private to net. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How far a request came. */
typedef enum
{
  GAN_SOUP_CONNECT,
  GAN_SOUP_HEAD,
  GAN_SOUP_BODY,
} GanSoupStage;

void gan_soup_error_set (GError **error,
                         GError *cause,
                         GanSoupStage stage,
                         GTlsCertificateFlags certificate);

G_END_DECLS
