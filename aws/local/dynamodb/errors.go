package dynamodb

import (
	"fmt"
	"slices"
	"strings"

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

// constraint is the error of a member that AWS's model of the request forbids.
func constraint(value, member, rule string) *wire.Error {
	return invalid("1 validation error detected: Value %s at '%s' failed to satisfy constraint: Member must %s", value, member, rule)
}

func missing(member string) *wire.Error { return constraint("null", member, "not be null") }

func tooLow(member string, got, least int) *wire.Error {
	return constraint(fmt.Sprintf("'%d'", got), member, fmt.Sprintf("have value greater than or equal to %d", least))
}

func tooHigh(member string, got, most int) *wire.Error {
	return constraint(fmt.Sprintf("'%d'", got), member, fmt.Sprintf("have value less than or equal to %d", most))
}

// oneOf refuses a value that is none of those allowed; "" is the member left out.
func oneOf(member, value string, allowed ...string) error {
	if value == "" || slices.Contains(allowed, value) {
		return nil
	}
	return constraint("'"+value+"'", member, "satisfy enum value set: ["+strings.Join(allowed, ", ")+"]")
}
