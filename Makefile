# Every way to build, try and check WardSync from a clone. `make` alone lists the targets.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help deps build run serve test check man bench cuts dictionary fuzz sanitize format clean

SWIFT_SOURCES := Sources Tests Benchmarks Package.swift

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install what the build needs from Debian, if anything is missing
	@scripts/install-dependencies

build: ## build the release programs, with the Swift runtime linked in
	swift build -c release --static-swift-stdlib

run: deps build ## play a field day: a ward server, volunteers and residents on this machine
	@[ -x scripts/field-day ] || { echo "make run: scripts/field-day is not in this tree yet" >&2; exit 1; }
	scripts/field-day

serve: deps build ## run a ward server on loopback and say how to join it
	scripts/serve

test: deps build ## run every test
	scripts/test

check: ## lint strictly, check the tidy rules, run every test
	swift format lint --strict -r $(SWIFT_SOURCES)
	scripts/check-tidy
	$(MAKE) --no-print-directory test

man: build ## write the manual pages of both programs into .build/man
	.build/release/ward man .build/man
	.build/release/ward-server man .build/man

bench: build ## measure against the peers, start-up against known programs, large wards against small ones, and crowds
	@scripts/install-dependencies --bench
	@missed=0; for part in run start-up scale reconnect slow; do Benchmarks/$$part || missed=1; done; exit $$missed

cuts: build ## break an upload and a download after every byte (some minutes)
	.build/release/ward-bench --mode cuts

dictionary: build ## train the dictionary that frames are compressed with, and compare it with the shipped one
	scripts/train-dictionary

fuzz: ## fuzz every decoder, SECONDS=60 for each
	@scripts/install-dependencies
	scripts/fuzz $(or $(SECONDS),60)

sanitize: ## run the tests with AddressSanitizer, then with ThreadSanitizer (an hour and more)
	@scripts/install-dependencies
	scripts/sanitize address
	scripts/sanitize thread

format: ## format the Swift files in place
	swift format -i -r $(SWIFT_SOURCES)

clean: ## remove what builds left behind
	rm -rf .build
