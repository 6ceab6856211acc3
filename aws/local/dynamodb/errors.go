package dynamodb

import (
	"fmt"

	"orderops/aws/local/wire"
)

const namespace = "com.amazonaws.dynamodb.v20120810#"

// invalid is the error of a request that can never be served.
func invalid(format string, args ...any) *wire.Error {
	return &wire.Error{Type: "com.amazon.coral.validate#ValidationException", Message: fmt.Sprintf(format, args...)}
}

// invalidValue is invalid with the sentence that DynamoDB puts before most
// complaints about values.
func invalidValue(format string, args ...any) *wire.Error {
	return invalid("One or more parameter values were invalid: "+format, args...)
}

func notFound(message string) *wire.Error {
	return &wire.Error{Type: namespace + "ResourceNotFoundException", Message: message}
}

func inUse(message string) *wire.Error {
	return &wire.Error{Type: namespace + "ResourceInUseException", Message: message}
}

// conditionFailed carries the item that did not meet the condition when the
// request asked for it; nil leaves it out.
func conditionFailed(old item) *wire.Error {
	e := &wire.Error{Type: namespace + "ConditionalCheckFailedException", Message: "The conditional request failed"}
	if old != nil {
		e.Members = map[string]any{"Item": old}
	}
	return e
}

// unsupported refuses what this DynamoDB does not have, so that nobody takes a
// wrong answer for AWS's.
func unsupported(what string) *wire.Error {
	return invalid("%s is not supported by the local AWS", what)
}
