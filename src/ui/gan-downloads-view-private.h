/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of GanDownloadsView share. */
#pragma once

#include "gan-downloads-view.h"
#include "gan-removal.h"

G_BEGIN_DECLS

struct _GanDownloadsView
{
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkLabel *counts;
  GtkLabel *speed;
  GtkWidget *clear;
  GtkWidget *pause_all;
  GtkWidget *resume_all;
  GtkProgressBar *progress;
  GtkListView *list;
  GMenuModel *menu;

  GanSession *session;
  GtkFilter *filter;            /* leaves out what removal holds */
  GtkFilterListModel *waiting;  /* of GanJob: the queue through the filter */
  GListStore *finished;         /* of GanFinished, newest first */
  GtkFlattenListModel *all;     /* of both */
  GtkSliceListModel *begun;     /* of all: what has rows so far, see grow_cb() */
  guint growing;                /* tick callback of list */
  GtkMultiSelection *selection; /* over begun */
  GanRemoval *removal;          /* the last one, while it can be undone */
  GtkWidget *popover;
  gboolean narrow;
  gboolean ready;
};

/* gan-downloads-view-actions.c */
void gan_downloads_view_install_actions (GtkWidgetClass *klass);
void gan_downloads_view_update_actions (GanDownloadsView *self);
void gan_downloads_view_activate (GanDownloadsView *self, guint position);
void gan_downloads_view_report (GanDownloadsView *self, const GError *error);

/* gan-downloads-view.c */
void gan_downloads_view_remove (GanDownloadsView *self, GPtrArray *jobs);
GanQueue *gan_downloads_view_get_queue (GanDownloadsView *self);

G_END_DECLS
