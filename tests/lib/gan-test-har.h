/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A HAR made by a test: one call an exchange. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GanTestHar GanTestHar;

GanTestHar *gan_test_har_new (void);
void gan_test_har_free (GanTestHar *self);
void gan_test_har_add (GanTestHar *self,
                       const char *method,
                       const char *url,
                       guint status,
                       const char *const *headers,
                       const char *body);
void gan_test_har_add_bytes (GanTestHar *self,
                             const char *method,
                             const char *url,
                             guint status,
                             const char *const *headers,
                             GBytes *body);
void gan_test_har_set_request_body (GanTestHar *self, const char *content_type, const char *body);
void gan_test_har_set_request_header (GanTestHar *self, const char *name, const char *value);
char *gan_test_har_dup_text (GanTestHar *self);
void gan_test_har_write (GanTestHar *self, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanTestHar, gan_test_har_free)

G_END_DECLS
