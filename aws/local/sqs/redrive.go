package sqs

import (
	"encoding/json"
	"slices"
	"strconv"
)

// redrivePolicy says when a message goes to a dead-letter queue.
type redrivePolicy struct {
	Target string `json:"deadLetterTargetArn"`
	// MaxReceives is how often a message is delivered before it moves.
	MaxReceives int `json:"maxReceiveCount"`
}

// redriveAllowPolicy says which queues may use this one as their dead-letter
// queue. An empty permission allows all.
type redriveAllowPolicy struct {
	Permission string   `json:"redrivePermission"`
	Sources    []string `json:"sourceQueueArns,omitempty"`
}

func (p redriveAllowPolicy) permits(sourceARN string) bool {
	switch p.Permission {
	case "denyAll":
		return false
	case "byQueue":
		return slices.Contains(p.Sources, sourceARN)
	}
	return true
}

// setRedrive reads a RedrivePolicy; whether its target exists is for the service
// to say. The policy is returned to callers with the count as a number, however
// it was written.
func (s *settings) setRedrive(value string) error {
	if value == "" {
		s.redrive = nil
		delete(s.texts, redrivePolicyName)
		return nil
	}
	var raw map[string]any
	if err := json.Unmarshal([]byte(value), &raw); err != nil || raw == nil {
		return invalidRedrive(value, "Redrive policy is not a valid JSON map.")
	}
	for name := range raw {
		if name != "deadLetterTargetArn" && name != "maxReceiveCount" {
			return invalidRedrive(value, "Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].")
		}
	}
	target, ok := raw["deadLetterTargetArn"].(string)
	if !ok {
		return invalidRedrive(value, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
	}
	if raw["maxReceiveCount"] == nil {
		return invalidRedrive(value, "Redrive policy does not contain mandatory attribute: maxReceiveCount.")
	}
	count, err := wholeNumber(raw["maxReceiveCount"])
	if err != nil || count < 1 || count > 1000 {
		text, _ := json.Marshal(raw["maxReceiveCount"])
		return invalidRedrive(value, "Invalid value for maxReceiveCount: "+string(text)+", valid values are from 1 to 1000 both inclusive.")
	}
	s.redrive = &redrivePolicy{Target: target, MaxReceives: count}
	text, err := json.Marshal(s.redrive)
	if err != nil {
		return err
	}
	s.texts[redrivePolicyName] = string(text)
	return nil
}

func invalidRedrive(value, reason string) error {
	return invalidValue(value, redrivePolicyName, reason)
}

// wholeNumber reads a count that was written as a JSON number or as text.
func wholeNumber(value any) (int, error) {
	switch v := value.(type) {
	case float64:
		return strconv.Atoi(strconv.FormatFloat(v, 'f', -1, 64))
	case string:
		return strconv.Atoi(v)
	}
	return 0, strconv.ErrSyntax
}

func (s *settings) setAllow(value string) error {
	if value == "" {
		s.allow = redriveAllowPolicy{}
		delete(s.texts, redriveAllowPolicyName)
		return nil
	}
	var policy redriveAllowPolicy
	if err := json.Unmarshal([]byte(value), &policy); err != nil {
		return invalidValue(value, redriveAllowPolicyName, "Redrive allow policy is not a valid JSON map.")
	}
	switch policy.Permission {
	case "allowAll", "denyAll":
		if len(policy.Sources) > 0 {
			return invalidValue(value, redriveAllowPolicyName, "sourceQueueArns can be specified only when redrivePermission is byQueue.")
		}
	case "byQueue":
		if n := len(policy.Sources); n < 1 || n > 10 {
			return invalidValue(value, redriveAllowPolicyName, "sourceQueueArns must have 1 to 10 entries when redrivePermission is byQueue.")
		}
	default:
		return invalidValue(value, redriveAllowPolicyName, "redrivePermission must be one of allowAll, denyAll and byQueue.")
	}
	text, err := json.Marshal(policy)
	if err != nil {
		return err
	}
	s.allow = policy
	s.texts[redriveAllowPolicyName] = string(text)
	return nil
}
