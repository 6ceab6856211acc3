# Every target that a person needs has a sentence behind ##; `make help` prints them.
LINT := go tool -modfile=tools/go.mod golangci-lint

.PHONY: help build run test race e2e bench golden lint fmt check peers conformance fuzz

help: ## print this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-11s %s\n", $$1, $$2}'

build: ## build ./bin/orderops
	go build -trimpath -o bin/orderops .

run: ## open the dashboard on a local AWS
	go run . --local

test: ## run every test
	go test ./...

race: ## run every test under the race detector, in random order
	go test -race -shuffle=on -count=1 -timeout 20m ./...

e2e: ## run the end-to-end tests: the program under a pseudo-terminal
	go test -count=1 -run 'TestTerminal|TestCommand' .

bench: ## run the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

golden: ## rewrite the golden frames, the README's pictures and docs/keys.md
	UPDATE_GOLDEN=1 go test -count=1 -run 'TestFrames|TestTooSmall|TestPictures|TestKeys' .

lint: ## check style, mistakes and who imports whom
	$(LINT) run ./...

fmt: ## format the code
	$(LINT) fmt ./...

fuzz: ## run every fuzz target for ten seconds
	@for p in $$(grep -rl --include='*_test.go' 'func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -ho 'func Fuzz[A-Za-z]*' $$p/*_test.go | cut -c6-); do \
	    go test -run '^$$' -fuzz "^$$f$$" -fuzztime 10s -fuzzminimizetime 1x $$p || exit 1; done; done

peers: ## run the AWS CLI and other independent judges against the local AWS
	bash .ci/peers/check

conformance: ## compare the local AWS with recorded answers of AWS (ORDEROPS_RECORDED names their folder)
	go -C aws/local/conformance test -count=1

check: lint race peers ## everything that has to hold before a change is done
