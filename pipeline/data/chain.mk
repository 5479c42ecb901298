# The chain of newsmill: raw/ -> clean/. Make schedules the stages, newsmill decides which batches they touch.
#
#   make                 bring everything up to date and say what came out
#   make extract         one stage (and what it rests on): extract, dedup, tag, threads, records
#   make -j2             dedup and tag side by side
#   make -s              for cron: prints nothing when all is well
#   make fetch           poll the sources in config.toml into raw/ (never part of the chain)
#   make status          what is in clean/
#   make report          report.html: records, stories, sources, what was removed
#   make redo            do everything again
#   make clean           deletes nothing: clean/ is where your records are. It says so and leaves.
#   make help            this list
#
# Exit codes: make turns every failure into 2; a script that needs newsmill's own calls `newsmill run`.

# The newsmill that made the project, where it is still there (it need not be on the path), else the one on the path.
NEWSMILL ?= $(or $(shell c=$$(cat .newsmill/command 2>/dev/null) && eval "set -- $$c" && test -x "$$1" && printf %s "$$c"),newsmill)
TOOL ?= $(shell command -v $(NEWSMILL) | sed 's/ /\\ /g;1q')
RAW ?= raw
CLEAN ?= clean
STAMPS := .newsmill/stages
QUIET := $(if $(findstring s,$(firstword -$(MAKEFLAGS))),--quiet)

# "stale" when something under raw/ changed since the last extract (ctime: also edits in place and files moved in with
# old dates), or a batch's folder in clean/ or anything in the index since the last records. One look at the disk: 0.02 s
# for 1,000 batches.
# Where the clock was ahead, stamps of the future would hide every change until then: they are removed. Other files of
# the future are newer than every stamp: a list of them is kept with the stamp, and the same list again changes nothing.
FROM_RAW = find -H $(RAW) $(wildcard config.toml forgotten.jsonl)
FROM_CLEAN = { find -H $(CLEAN) -maxdepth 1 $(1) && find -H $(CLEAN)/index $(1); }
SINCE = -cnewer $(STAMPS)/$(1) '(' '!' -cnewer $(STAMPS)/now -print -quit -o -print ')'
LATER = -cnewer $(STAMPS)/now -print
STALE := $(shell exec 2>/dev/null; rm -f $(STAMPS)/failed; touch $(STAMPS)/now && find $(STAMPS) -newer $(STAMPS)/now -exec rm -f {} + ; \
	test -d $(CLEAN) -a -f $(STAMPS)/now -a -f $(STAMPS)/extract -a -f $(STAMPS)/records || { echo stale; exit; }; \
	raw=$$($(FROM_RAW) $(call SINCE,extract)); test "$$raw" = "$$(cat $(STAMPS)/raw.later)" || echo stale; \
	clean=$$($(call FROM_CLEAN,$(call SINCE,records))); test "$$clean" = "$$(cat $(STAMPS)/clean.later)" || echo stale)

.DEFAULT_GOAL := all
.PHONY: all extract dedup tag threads records fetch status report redo clean help FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: records

# A batch that failed (exit code 1) waits for the next make and stops no other: its stage has no stamp, the later stages
# go on, and make fails at the end.
FAILED = { test $$? -eq 1 && rm -f $@ && touch $(STAMPS)/failed; }

extract dedup tag threads records: %: $(STAMPS)/%
	@test ! -f $(STAMPS)/failed || { rm -f $(STAMPS)/failed; exit 1; }

$(STAMPS)/extract: $(TOOL) $(if $(STALE),FORCE) | $(STAMPS)
	@touch $@.begun $(STAMPS)/now; $(FROM_RAW) $(LATER) >$(STAMPS)/raw.later 2>/dev/null; true
	@$(NEWSMILL) extract $(QUIET) && mv $@.begun $@ || $(FAILED)

$(STAMPS)/dedup: $(STAMPS)/extract
	@$(NEWSMILL) dedup $(QUIET) && touch $@ || $(FAILED)

$(STAMPS)/tag: $(STAMPS)/extract
	@$(NEWSMILL) tag $(QUIET) && touch $@ || $(FAILED)

$(STAMPS)/threads: $(STAMPS)/dedup
	@$(NEWSMILL) threads --update $(QUIET) && touch $@ || $(FAILED)

$(STAMPS)/records: $(STAMPS)/tag $(STAMPS)/threads
	@$(NEWSMILL) records $(QUIET) && touch $@ || $(FAILED)
	@touch $(STAMPS)/now; $(call FROM_CLEAN,$(LATER)) >$(STAMPS)/clean.later 2>/dev/null; true
	@$(if $(QUIET),:,$(NEWSMILL) status --summary)

$(STAMPS):
	@mkdir -p $@

# One batch by its product: make clean/2026-11-20/records.jsonl
$(CLEAN)/%/records.jsonl: export BATCH = $(value *)
$(CLEAN)/%/records.jsonl: FORCE
	@$(NEWSMILL) run $(QUIET) -- "$$BATCH"

fetch:
	@$(NEWSMILL) fetch $(QUIET)

status:
	@$(NEWSMILL) status

report:
	@$(NEWSMILL) report $(QUIET)

redo:
	@$(NEWSMILL) run --force $(QUIET)

clean:
	@echo "make clean deletes nothing: clean/ is where your records are. To build it anew: make redo"

FORCE:
