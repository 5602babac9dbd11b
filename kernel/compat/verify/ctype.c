// SPDX-License-Identifier: GPL-2.0-only
/*
 * Write C types in one canonical spelling: qualifiers first, integer types in their shortest
 * form, one blank before the first star, no parameter names.
 *
 *	unsigned long int const* (struct device*dev)
 *	const unsigned long *(struct device *)
 *
 * Supported are base types, struct/union/enum tags, typedef names, pointers, functions and
 * pointers to functions. An error is returned for arrays in source text, bit fields, and
 * functions that return pointers to functions.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <bpf/btf.h>

#include "ctype.h"

static int append(char *out, const char *text)
{
	if (strlen(out) + strlen(text) + 1 > CTYPE_MAX)
		return -1;
	strcat(out, text);
	return 0;
}

/* Append a word behind a blank, or without one behind a star or an opening parenthesis. */
static int append_spaced(char *out, const char *text)
{
	size_t len = strlen(out);

	if (len && out[len - 1] != '*' && out[len - 1] != '(' && append(out, " "))
		return -1;
	return append(out, text);
}

/* The words of an integer type, in any order; int_name() gives the canonical name */
struct int_words {
	bool any, is_unsigned, is_signed;
	int nr_long, nr_short, nr_char, nr_int;
};

static bool take_int_word(struct int_words *w, const char *word)
{
	if (!strcmp(word, "unsigned"))
		w->is_unsigned = true;
	else if (!strcmp(word, "signed"))
		w->is_signed = true;
	else if (!strcmp(word, "long"))
		w->nr_long++;
	else if (!strcmp(word, "short"))
		w->nr_short++;
	else if (!strcmp(word, "char"))
		w->nr_char++;
	else if (!strcmp(word, "int"))
		w->nr_int++;
	else
		return false;
	w->any = true;
	return true;
}

static void int_name(const struct int_words *w, char *out, size_t size)
{
	const char *base = w->nr_char     ? "char" :
			   w->nr_short    ? "short" :
			   w->nr_long > 1 ? "long long" :
			   w->nr_long     ? "long" :
					    "int";

	snprintf(out, size, "%s%s",
		 w->is_unsigned             ? "unsigned " :
		 w->is_signed && w->nr_char ? "signed " :
					      "",
		 base);
}

/* ---- from C source ---- */

struct tokens {
	const char *at;
	char word[128]; /* the current token; empty at the end */
};

static int next_token(struct tokens *t)
{
	size_t n = 0;

	while (isspace((unsigned char)*t->at))
		t->at++;
	if (isalnum((unsigned char)*t->at) || *t->at == '_') {
		while (isalnum((unsigned char)t->at[n]) || t->at[n] == '_')
			n++;
	} else if (!strncmp(t->at, "...", 3)) {
		n = 3;
	} else if (*t->at) {
		n = 1;
	}
	if (n >= sizeof(t->word))
		return -1;
	memcpy(t->word, t->at, n);
	t->word[n] = '\0';
	t->at += n;
	return 0;
}

static bool token_is(const struct tokens *t, const char *word)
{
	return !strcmp(t->word, word);
}

static bool token_is_word(const struct tokens *t)
{
	return isalpha((unsigned char)t->word[0]) || t->word[0] == '_';
}

static int expect(struct tokens *t, const char *word)
{
	return token_is(t, word) ? next_token(t) : -1;
}

static bool is_qualifier(const char *word)
{
	return !strcmp(word, "const") || !strcmp(word, "volatile");
}

/* Parse a base type with its qualifiers: "const struct device". */
static int parse_base(struct tokens *t, char *out)
{
	bool is_const = false, is_volatile = false, is_tag = false;
	struct int_words w = { 0 };
	char base[160] = "";

	while (token_is_word(t)) {
		if (token_is(t, "const")) {
			is_const = true;
		} else if (token_is(t, "volatile")) {
			is_volatile = true;
		} else if (!base[0] && take_int_word(&w, t->word)) {
			;
		} else if (!base[0] && !w.any &&
			   (token_is(t, "struct") || token_is(t, "union") || token_is(t, "enum"))) {
			snprintf(base, sizeof(base), "%s ", t->word);
			is_tag = true;
		} else if (is_tag) {
			strcat(base, t->word);
			is_tag = false;
		} else if (!base[0] && !w.any) {
			snprintf(base, sizeof(base), "%s", t->word);
		} else {
			break; /* a parameter's name */
		}
		if (next_token(t))
			return -1;
	}
	if (is_tag || (!base[0] && !w.any))
		return -1;
	if (w.any)
		int_name(&w, base, sizeof(base));

	if (is_const && append_spaced(out, "const"))
		return -1;
	if (is_volatile && append_spaced(out, "volatile"))
		return -1;
	return append_spaced(out, base);
}

static int parse_type(struct tokens *t, char *out, int depth);

/* Parse "A, B)": the opening parenthesis has been read. */
static int parse_params(struct tokens *t, char *out, int depth)
{
	if (append(out, "("))
		return -1;
	if (token_is(t, ")"))
		return append(out, "void)") ? -1 : next_token(t);
	for (;;) {
		char param[CTYPE_MAX] = "";

		if (token_is(t, "...")) {
			if (append(out, "...") || next_token(t))
				return -1;
		} else {
			if (parse_type(t, param, depth + 1) || append(out, param))
				return -1;
			if (token_is_word(t) && next_token(t))
				return -1;
		}
		if (token_is(t, ")"))
			return append(out, ")") ? -1 : next_token(t);
		if (expect(t, ",") || append(out, ", "))
			return -1;
	}
}

static int parse_type(struct tokens *t, char *out, int depth)
{
	if (depth > 8 || parse_base(t, out))
		return -1;

	while (token_is(t, "*") || is_qualifier(t->word)) {
		if (append_spaced(out, t->word) || next_token(t))
			return -1;
	}
	if (!token_is(t, "("))
		return 0;

	/* A function, or a pointer to one */
	if (next_token(t))
		return -1;
	if (token_is(t, "*")) {
		if (next_token(t))
			return -1;
		if (token_is_word(t) && next_token(t))
			return -1;
		if (expect(t, ")") || expect(t, "(") || append_spaced(out, "(*)"))
			return -1;
		return parse_params(t, out, depth);
	}
	if (out[strlen(out) - 1] != '*' && append(out, " "))
		return -1;
	return parse_params(t, out, depth);
}

int ctype_from_source(const char *source, char out[CTYPE_MAX])
{
	struct tokens t = { .at = source };

	out[0] = '\0';
	if (next_token(&t) || parse_type(&t, out, 0))
		return -1;
	return t.word[0] ? -1 : 0;
}

/* ---- from BTF ---- */

static int render(const struct btf *btf, unsigned int id, char *out, int depth);

static int render_params(const struct btf *btf, const struct btf_type *proto, char *out, int depth)
{
	const struct btf_param *p = btf_params(proto);
	unsigned int i, n = btf_vlen(proto);

	if (append(out, "("))
		return -1;
	if (!n && append(out, "void"))
		return -1;
	for (i = 0; i < n; i++) {
		char param[CTYPE_MAX] = "";

		if (i && append(out, ", "))
			return -1;
		if (!p[i].type && i + 1 == n)
			strcpy(param, "...");
		else if (render(btf, p[i].type, param, depth + 1))
			return -1;
		if (append(out, param))
			return -1;
	}
	return append(out, ")");
}

static int render_int(const char *name, char *out)
{
	char copy[64], base[64], *word, *save = NULL;
	struct int_words w = { 0 };

	if (!strcmp(name, "_Bool"))
		return append_spaced(out, "_Bool");
	snprintf(copy, sizeof(copy), "%s", name);
	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		if (!take_int_word(&w, word))
			return append_spaced(out, name);
	int_name(&w, base, sizeof(base));
	return append_spaced(out, base);
}

static int render_tag(const char *kind, const char *name, char *out)
{
	if (!*name)
		name = "(anonymous)";
	return append_spaced(out, kind) || append_spaced(out, name) ? -1 : 0;
}

static int render(const struct btf *btf, unsigned int id, char *out, int depth)
{
	const struct btf_type *type, *target;
	const char *name;
	char count[32];

	if (depth > 16)
		return -1;
	if (!id)
		return append_spaced(out, "void");
	type = btf__type_by_id(btf, id);
	if (!type)
		return -1;
	name = btf__name_by_offset(btf, type->name_off);

	switch (btf_kind(type)) {
	case BTF_KIND_INT:
		return render_int(name, out);
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPEDEF:
		return append_spaced(out, name);
	case BTF_KIND_STRUCT:
		return render_tag("struct", name, out);
	case BTF_KIND_UNION:
		return render_tag("union", name, out);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return render_tag("enum", name, out);
	case BTF_KIND_FWD:
		return render_tag(btf_kflag(type) ? "union" : "struct", name, out);
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return render(btf, type->type, out, depth + 1);
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
		name = btf_is_const(type) ? "const" : "volatile";
		target = type->type ? btf__type_by_id(btf, type->type) : NULL;
		if (target && btf_is_ptr(target))
			return render(btf, type->type, out, depth + 1) || append_spaced(out, name) ?
				       -1 :
				       0;
		return append_spaced(out, name) || render(btf, type->type, out, depth + 1) ? -1 : 0;
	case BTF_KIND_PTR:
		target = type->type ? btf__type_by_id(btf, type->type) : NULL;
		if (target && btf_is_func_proto(target))
			return render(btf, target->type, out, depth + 1) ||
					       append_spaced(out, "(*)") ||
					       render_params(btf, target, out, depth) ?
				       -1 :
				       0;
		return render(btf, type->type, out, depth + 1) || append_spaced(out, "*") ? -1 : 0;
	case BTF_KIND_FUNC_PROTO:
		if (render(btf, type->type, out, depth + 1))
			return -1;
		if (out[strlen(out) - 1] != '*' && append(out, " "))
			return -1;
		return render_params(btf, type, out, depth);
	case BTF_KIND_FUNC:
		return render(btf, type->type, out, depth + 1);
	case BTF_KIND_ARRAY:
		snprintf(count, sizeof(count), "[%u]", btf_array(type)->nelems);
		return render(btf, btf_array(type)->type, out, depth + 1) || append(out, count) ?
			       -1 :
			       0;
	default:
		return -1;
	}
}

int ctype_from_btf(const struct btf *btf, unsigned int id, char out[CTYPE_MAX])
{
	out[0] = '\0';
	return render(btf, id, out, 0);
}
