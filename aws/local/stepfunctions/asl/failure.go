package asl

import "fmt"

// Error names that the language itself defines (ASL, "Errors").
const (
	errorAll           = "States.ALL"
	errorTaskFailed    = "States.TaskFailed"
	errorTimeout       = "States.Timeout"
	errorRuntime       = "States.Runtime"
	errorNoChoice      = "States.NoChoiceMatched"
	errorResultPath    = "States.ResultPathMatchFailure"
	errorDataLimit     = "States.DataLimitExceeded"
	errorLambdaUnknown = "Lambda.Unknown"
)

// maxData is the most bytes of an input, output or result (quota of Step Functions).
const maxData = 256 << 10

// failure ends a state. It is an error so that it can travel up to the state.
type failure struct {
	name, cause string
	// runtime failures are told with the state's name, and neither Retry nor
	// Catch sees them (recorded: a catcher of States.Runtime does not match).
	runtime bool
}

func (f *failure) Error() string { return f.name + ": " + f.cause }

func runtimeFailure(format string, args ...any) *failure {
	return &failure{name: errorRuntime, cause: fmt.Sprintf(format, args...), runtime: true}
}

// notFoundFor is a template's or a Fail state's path that leads nowhere.
func notFoundFor(path, field string, input document) *failure {
	return runtimeFailure("The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'", path, field, input.text)
}

// tooLarge is a result above maxData; who is the state, or the resource of its task.
func tooLarge(who string) *failure {
	return &failure{name: errorDataLimit, cause: fmt.Sprintf("The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit.", who)}
}
