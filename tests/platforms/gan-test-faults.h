/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spoiled answers, made of a good one. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  GAN_TEST_FAULT_EMPTY,     /* no body */
  GAN_TEST_FAULT_TRUNCATED, /* the first half of the body */
  GAN_TEST_FAULT_STATUS,    /* 500 and a page of HTML */
  GAN_TEST_FAULT_HTML,      /* 200 and a page of HTML */
  GAN_TEST_FAULT_DEEP,      /* 100,000 brackets */
  GAN_TEST_FAULT_BYTES,     /* what is no UTF-8 */
  GAN_TEST_FAULT_NULLS,     /* JSON with null for every value */
  GAN_TEST_FAULT_HUGE,      /* JSON with huge and negative numbers */
  GAN_TEST_FAULT_TYPES,     /* JSON with every value of another type */
  GAN_TEST_FAULT_LONG,      /* JSON with every string very long */
  GAN_TEST_N_FAULTS,
} GanTestFault;

const char *gan_test_fault_to_string (GanTestFault fault);
guint gan_test_faults_count_entries (GBytes *har);
gboolean gan_test_faults_is_json (GBytes *har, guint entry);
GBytes *gan_test_faults_apply (GBytes *har, guint entry, GanTestFault fault);

G_END_DECLS
