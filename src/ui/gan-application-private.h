/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of GanApplication share. */
#pragma once

#include "gan-application.h"
#include "gan-log.h"
#include "gan-notifier.h"
#include "gan-window.h"

G_BEGIN_DECLS

typedef enum
{
  GAN_APPLICATION_NEW,
  GAN_APPLICATION_FAILED, /* to open; can be tried again */
  GAN_APPLICATION_OPENING,
  GAN_APPLICATION_OPEN,
  GAN_APPLICATION_CLOSING,
  GAN_APPLICATION_ENDED,
} GanApplicationState;

struct _GanApplication
{
  AdwApplication parent_instance;

  GanApplicationState state;
  gboolean is_quitting;
  GanConfig *config;
  GanSession *session;
  GanWindow *window; /* weak: GTK keeps it */
  GanNotifier *notifier;
  GQueue postponed; /* of GanApplicationPostponed: actions that wait for the
                       session */
  guint first_frame;
  guint terminated;
  guint interrupted;
};

/* gan-application.c */
void gan_application_open_session (GanApplication *self);
void gan_application_quit (GanApplication *self);
GanWindow *gan_application_present (GanApplication *self);

/* gan-application-actions.c */
typedef struct
{
  char *action;
  GVariant *parameter;
} GanApplicationPostponed;

void gan_application_postponed_free (GanApplicationPostponed *postponed);
void gan_application_add_actions (GanApplication *self);
void gan_application_run_postponed (GanApplication *self);

G_END_DECLS
