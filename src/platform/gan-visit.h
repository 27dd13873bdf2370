/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call of a site: all of its state, so that the site itself has none. Made by the registry,
 * used by one thread. */
#pragma once

#include "gan-constraints.h"
#include "gan-rules.h"

G_BEGIN_DECLS

#define GAN_TYPE_VISIT (gan_visit_get_type ())
G_DECLARE_FINAL_TYPE (GanVisit, gan_visit, GAN, VISIT, GObject)

GanVisit *gan_visit_new (GanHttp *http,
                         GanRules *rules,
                         const GanConstraints *constraints,
                         GanAddressPolicy policy,
                         GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

/* A site without origins of its own is led anywhere by redirects, but not to what the filter keeps
 * from it: then gan_visit_open() fails, and onward is where the redirect leads. */
void gan_visit_set_redirect_filter (GanVisit *self, GanRedirectFilter filter, gpointer user_data);
GanUrl *gan_visit_get_onward (GanVisit *self);

GanHttp *gan_visit_get_http (GanVisit *self);
GanRules *gan_visit_get_rules (GanVisit *self);
const GanConstraints *gan_visit_get_constraints (GanVisit *self);
GCancellable *gan_visit_get_cancellable (GanVisit *self);
gint64 gan_visit_get_wall (GanVisit *self);

/* Requests of a site go through these: they put in the site, the client's User-Agent, the address
 * policy and the cancellable, so that a handler cannot forget one. Name/value pairs fill the
 * endpoint's {name}s; end with NULL. */
GanRequest *gan_visit_request (GanVisit *self,
                               const char *method,
                               const char *endpoint,
                               GError **error,
                               ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;
GanRequest *
gan_visit_request_url (GanVisit *self, const char *method, GanUrl *url) G_GNUC_WARN_UNUSED_RESULT;
GanReply *
gan_visit_fetch (GanVisit *self, GanRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanResponse *
gan_visit_open (GanVisit *self, GanRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A short-lived token that a site hands out (a guest token), kept by GanHttp's owner and shared by
 * all visits. */
char *gan_visit_dup_token (GanVisit *self, const char *name) G_GNUC_WARN_UNUSED_RESULT;
void gan_visit_store_token (GanVisit *self, const char *name, const char *token, guint seconds);
void gan_visit_drop_token (GanVisit *self, const char *name, const char *token);

void gan_visit_log (GanVisit *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
