package function

import (
	"fmt"
	"strconv"
	"strings"

	"orderops/workflow"
)

// environ reads a function's environment and keeps the first problem.
type environ struct {
	kind    string
	values  map[string]string
	problem *workflow.Problem
}

// require is the value of a variable that must be set.
func (e *environ) require(name string) string {
	value := e.values[name]
	if value == "" {
		e.fail(name, "is not set")
	}
	return value
}

// machine is the ARN of a state machine.
func (e *environ) machine(name string) string {
	value := e.require(name)
	if value != "" && !strings.Contains(value, ":stateMachine:") {
		e.fail(name, fmt.Sprintf("is %q, which is no ARN of a state machine", value))
	}
	return value
}

// number is a number; unset means 0.
func (e *environ) number(name string) float64 {
	value := e.values[name]
	if value == "" {
		return 0
	}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		e.fail(name, fmt.Sprintf("is %q, which is no number", value))
	}
	return n
}

func (e *environ) fail(name, reason string) {
	if e.problem == nil {
		e.problem = &workflow.Problem{
			Kind: workflow.Invalid, Operation: "make function", Target: e.kind,
			Reason: fmt.Sprintf("environment variable %s %s", name, reason),
			Next:   "Set it in the function's configuration",
		}
	}
}
