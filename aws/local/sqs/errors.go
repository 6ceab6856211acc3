package sqs

import (
	"fmt"
	"net/http"

	"orderops/aws/local/wire"
)

const (
	// queryCode begins the query codes of most errors that AWS models.
	queryCode = "AWS.SimpleQueueService."
	// nonExistentQueue is also the failure reason of a move task whose queue is gone.
	nonExistentQueue = queryCode + "NonExistentQueue"
)

// refused is an error that AWS models. The query code is what clients of either
// protocol see as the error code.
func refused(status int, shape, code, format string, args ...any) error {
	return &wire.Error{Status: status, Type: "com.amazonaws.sqs#" + shape, QueryCode: code, Message: fmt.Sprintf(format, args...)}
}

// generic is an error that AWS sends under a name of its framework.
func generic(status int, shape, code, format string, args ...any) error {
	return &wire.Error{Status: status, Type: "com.amazon.coral.service#" + shape, QueryCode: code, Message: fmt.Sprintf(format, args...)}
}

func invalidParameter(format string, args ...any) error {
	return generic(http.StatusBadRequest, "InvalidParameterValueException", "InvalidParameterValue", format, args...)
}

func invalidValue(value any, parameter, reason string) error {
	return invalidParameter("Value %v for parameter %s is invalid. Reason: %s", value, parameter, reason)
}

// checkRange refuses a number outside its range; nil is no number.
func checkRange(n *int, low, high int, parameter, reason string) error {
	if n == nil || low <= *n && *n <= high {
		return nil
	}
	return invalidValue(*n, parameter, reason)
}

func missingParameter(name string) error {
	return generic(http.StatusBadRequest, "MissingRequiredParameterException", "MissingParameter", "The request must contain the parameter %s.", name)
}

func invalidAttributeName(format string, args ...any) error {
	return refused(http.StatusBadRequest, "InvalidAttributeName", "InvalidAttributeName", format, args...)
}

func unknownAttribute(name string) error { return invalidAttributeName("Unknown Attribute %s.", name) }

func noQueue() error {
	return refused(http.StatusBadRequest, "QueueDoesNotExist", nonExistentQueue, "The specified queue does not exist.")
}

func unsupported(message string) error {
	return refused(http.StatusBadRequest, "UnsupportedOperation", queryCode+"UnsupportedOperation", "%s", message)
}

func noResource(message string) error {
	return refused(http.StatusNotFound, "ResourceNotFoundException", "ResourceNotFoundException", "%s", message)
}

func shutDown() error {
	return generic(http.StatusServiceUnavailable, "ServiceUnavailableException", "ServiceUnavailable", "The local AWS is shutting down.")
}
