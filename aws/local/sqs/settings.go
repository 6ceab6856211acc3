package sqs

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"orderops/aws/local/wire"
)

// Names of queue attributes.
const (
	visibilityTimeout      = "VisibilityTimeout"
	messageRetentionPeriod = "MessageRetentionPeriod"
	delaySeconds           = "DelaySeconds"
	maximumMessageSize     = "MaximumMessageSize"
	receiveWaitTime        = "ReceiveMessageWaitTimeSeconds"
	managedEncryption      = "SqsManagedSseEnabled"
	accessPolicy           = "Policy"
	redrivePolicyName      = "RedrivePolicy"
)

type bounds struct{ low, high, standard int }

// numbers are the numeric attributes, in seconds or bytes.
func numbers() map[string]bounds {
	return map[string]bounds{
		visibilityTimeout:      {0, 43_200, 30},
		messageRetentionPeriod: {60, 1_209_600, 345_600},
		delaySeconds:           {0, 900, 0},
		maximumMessageSize:     {1_024, maxRequest, maxRequest},
		receiveWaitTime:        {0, 20, 0},
	}
}

// settings are the attributes of a queue that a caller can set. A value is never
// changed; changed makes a new one.
type settings struct {
	values  map[string]string // in the form in which they are returned
	redrive *redrivePolicy    // nil without a dead-letter queue
}

// redrivePolicy says when a message goes to a dead-letter queue.
type redrivePolicy struct {
	Target string
	// MaxReceives is how often a message is delivered before it moves.
	MaxReceives int
}

func defaultSettings() settings {
	values := map[string]string{managedEncryption: "true"}
	for name, number := range numbers() {
		values[name] = strconv.Itoa(number.standard)
	}
	return settings{values: values}
}

func (s *settings) number(name string) int {
	n, _ := strconv.Atoi(s.values[name]) // it was checked when it was set
	return n
}

// duration is a setting that is given in seconds.
func (s *settings) duration(name string) time.Duration {
	return time.Duration(s.number(name)) * time.Second
}

// changed applies attributes in the form that callers send; "" puts an attribute
// back to its default. It changes all of them or none.
func (s *settings) changed(attributes map[string]string) settings {
	next := settings{values: maps.Clone(s.values), redrive: s.redrive}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		wire.Check(next.set(name, attributes[name]))
	}
	return next
}

func (s *settings) set(name, value string) error {
	number, numeric := numbers()[name]
	if numeric {
		value = cmp.Or(value, strconv.Itoa(number.standard))
	}
	switch n, err := strconv.Atoi(value); name {
	case visibilityTimeout, messageRetentionPeriod, delaySeconds, maximumMessageSize, receiveWaitTime:
		if err != nil || n < number.low || n > number.high {
			return invalidAttributeValue(name)
		}
		value = strconv.Itoa(n)
	case accessPolicy:
	case managedEncryption:
		if value != "true" && value != "false" {
			return invalidAttributeValue(name)
		}
	case redrivePolicyName:
		if value != "" {
			return s.setRedrive(value)
		}
		s.redrive = nil
	case "DeduplicationScope", "FifoThroughputLimit":
		return invalidAttributeName("You can specify the %s only when FifoQueue is set to true.", name)
	case "RedriveAllowPolicy", "KmsMasterKeyId":
		return unsupported("The local AWS has no " + name + ": every queue may use every other as its dead-letter queue, and none is encrypted.")
	default:
		return unknownAttribute(name)
	}
	if s.values[name] = value; value == "" {
		delete(s.values, name)
	}
	return nil
}

func invalidAttributeValue(name string) error {
	return refused(http.StatusBadRequest, "InvalidAttributeValue", "InvalidAttributeValue", "Invalid value for the parameter %s.", name)
}

// setRedrive reads a RedrivePolicy; whether its target exists is for the service
// to say. The policy is returned to callers with the count as a number, however
// it was written.
func (s *settings) setRedrive(value string) error {
	var policy struct {
		Target string      `json:"deadLetterTargetArn"`
		Count  json.Number `json:"maxReceiveCount"`
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(value)))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&policy) != nil || decoder.More() {
		return invalidRedrive(value, "Redrive policy is not a valid JSON map.")
	}
	count, err := strconv.Atoi(policy.Count.String())
	switch {
	case policy.Target == "":
		return invalidRedrive(value, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
	case policy.Count == "":
		return invalidRedrive(value, "Redrive policy does not contain mandatory attribute: maxReceiveCount.")
	case err != nil || count < 1 || count > 1000:
		return invalidRedrive(value, "Invalid value for maxReceiveCount: "+policy.Count.String()+", valid values are from 1 to 1000 both inclusive.")
	}
	s.redrive = &redrivePolicy{Target: policy.Target, MaxReceives: count}
	text, err := json.Marshal(map[string]any{"deadLetterTargetArn": policy.Target, "maxReceiveCount": count})
	s.values[redrivePolicyName] = string(text)
	return err
}

func invalidRedrive(value, reason string) error {
	return invalidValue(value, redrivePolicyName, reason)
}
