package sqs

import (
	"maps"
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
	kmsReusePeriod         = "KmsDataKeyReusePeriodSeconds"
	kmsMasterKey           = "KmsMasterKeyId"
	managedEncryption      = "SqsManagedSseEnabled"
	accessPolicy           = "Policy"
	redrivePolicyName      = "RedrivePolicy"
	redriveAllowPolicyName = "RedriveAllowPolicy"
)

// numberLimits are the bounds and the default of a numeric queue attribute,
// seconds or bytes; ok is false for other attributes.
func numberLimits(name string) (low, high, standard int, ok bool) {
	switch name {
	case visibilityTimeout:
		return 0, 43_200, 30, true
	case messageRetentionPeriod:
		return 60, 1_209_600, 345_600, true
	case delaySeconds:
		return 0, 900, 0, true
	case maximumMessageSize:
		return 1_024, maxRequest, maxRequest, true
	case receiveWaitTime:
		return 0, 20, 0, true
	case kmsReusePeriod:
		return 60, 86_400, 300, true
	}
	return 0, 0, 0, false
}

// settings are the attributes of a queue that a caller can set. A value is never
// changed; changed makes a new one.
type settings struct {
	numbers map[string]int
	// texts are the others that are set, in the form in which they are returned.
	texts   map[string]string
	redrive *redrivePolicy // nil without a dead-letter queue
	allow   redriveAllowPolicy
}

func defaultSettings() settings {
	s := settings{numbers: make(map[string]int), texts: map[string]string{managedEncryption: "true"}}
	for _, name := range []string{visibilityTimeout, messageRetentionPeriod, delaySeconds, maximumMessageSize, receiveWaitTime, kmsReusePeriod} {
		_, _, s.numbers[name], _ = numberLimits(name)
	}
	return s
}

// duration is a setting that is given in seconds.
func (s *settings) duration(name string) time.Duration {
	return time.Duration(s.numbers[name]) * time.Second
}

// changed applies attributes in the form that callers send; "" puts an attribute
// back to its default. It changes all of them or none.
func (s *settings) changed(attributes map[string]string) (settings, error) {
	if attributes[kmsMasterKey] != "" && attributes[managedEncryption] == "true" {
		return settings{}, invalidAttributeName("You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.")
	}
	next := settings{numbers: maps.Clone(s.numbers), texts: maps.Clone(s.texts), redrive: s.redrive, allow: s.allow}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if err := next.set(name, attributes[name]); err != nil {
			return settings{}, err
		}
	}
	return next, nil
}

func (s *settings) set(name, value string) error {
	if low, high, standard, ok := numberLimits(name); ok {
		return s.setNumber(name, value, low, high, standard)
	}
	switch name {
	case accessPolicy:
		s.setText(name, value)
	case kmsMasterKey:
		s.setText(name, value)
		if value != "" {
			s.texts[managedEncryption] = "false"
		}
	case managedEncryption:
		if value != "true" && value != "false" {
			return invalidAttributeValue(name, "")
		}
		s.texts[name] = value
		if value == "true" {
			delete(s.texts, kmsMasterKey)
		}
	case redrivePolicyName:
		return s.setRedrive(value)
	case redriveAllowPolicyName:
		return s.setAllow(value)
	default:
		return unknownAttribute(name)
	}
	return nil
}

func (s *settings) setNumber(name, value string, low, high, standard int) error {
	if value == "" {
		s.numbers[name] = standard
		return nil
	}
	number, err := strconv.Atoi(value)
	if err != nil || number < low || number > high {
		return invalidAttributeValue(name, "")
	}
	s.numbers[name] = number
	return nil
}

func (s *settings) setText(name, value string) {
	if value == "" {
		delete(s.texts, name)
		return
	}
	s.texts[name] = value
}

func unknownAttribute(name string) *wire.Error {
	switch name {
	case "DeduplicationScope", "FifoThroughputLimit":
		return invalidAttributeName("You can specify the " + name + " only when FifoQueue is set to true.")
	}
	return invalidAttributeName("Unknown Attribute " + name + ".")
}

// describe returns the settings in AWS's form, without those that are not set.
func (s *settings) describe() map[string]string {
	all := maps.Clone(s.texts)
	for name, number := range s.numbers {
		if name != kmsReusePeriod || s.texts[kmsMasterKey] != "" {
			all[name] = strconv.Itoa(number)
		}
	}
	return all
}
