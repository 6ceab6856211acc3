package config

import (
	"fmt"
	"strconv"
	"time"
)

// Names of the environment variables.
const (
	EnvironmentConfig       = "ORDEROPS_CONFIG"
	EnvironmentContext      = "ORDEROPS_CONTEXT"
	EnvironmentTheme        = "ORDEROPS_THEME"
	EnvironmentNotify       = "ORDEROPS_NOTIFY"
	EnvironmentRefresh      = "ORDEROPS_REFRESH"
	EnvironmentStack        = "ORDEROPS_STACK"
	EnvironmentReadOnly     = "ORDEROPS_READ_ONLY"
	EnvironmentQueueURL     = "ORDEROPS_QUEUE_URL"
	EnvironmentDeadLetter   = "ORDEROPS_DLQ_URL"
	EnvironmentStateMachine = "ORDEROPS_STATE_MACHINE"
	EnvironmentTable        = "ORDEROPS_TABLE"
	EnvironmentTopic        = "ORDEROPS_TOPIC"
	EnvironmentJournalDays  = "ORDEROPS_JOURNAL_DAYS"
)

// FromEnvironment fills what no flag chose. lookup is os.LookupEnv; chosen
// tells whether a flag was given. A local start takes only the guard rail from
// the environment: the other variables name parts of a real deployment.
func (s Settings) FromEnvironment(lookup func(name string) (string, bool), chosen func(flag string) bool) (Settings, error) {
	if text, ok := lookup(EnvironmentReadOnly); ok && text != "" && !chosen(FlagReadOnly) {
		value, err := strconv.ParseBool(text)
		if err != nil {
			return s, &SettingError{
				Setting: EnvironmentReadOnly, Reason: fmt.Sprintf("%q is neither true nor false", text),
				Next: "Set it to true or false, or remove it.",
			}
		}
		s.ReadOnly = value
	}
	if text, ok := lookup(EnvironmentTheme); ok && !chosen(FlagTheme) {
		s.Theme = text
	}
	if text, ok := lookup(EnvironmentNotify); ok && !chosen(FlagNotify) {
		s.Notify = text
	}
	if text, ok := lookup(EnvironmentRefresh); ok && text != "" && !chosen(FlagRefresh) {
		if !refreshable(text) {
			return s, &SettingError{
				Setting: EnvironmentRefresh, Reason: fmt.Sprintf("%q is no time up to %s", text, mostRefresh),
				Next: "Set it to one like 15s, or remove it.",
			}
		}
		s.Refresh, _ = time.ParseDuration(text) // checked
	}
	if s.Local {
		return s, nil
	}
	if text, ok := lookup(EnvironmentJournalDays); ok && text != "" {
		days, err := strconv.Atoi(text)
		if err != nil || days < 1 || days > MostJournalDays {
			return s, &SettingError{
				Setting: EnvironmentJournalDays, Reason: fmt.Sprintf("%q is no whole number of days from 1 to %d", text, MostJournalDays),
				Next: "Set it to one like 30, or remove it.",
			}
		}
		s.JournalDays = days
	}
	for _, v := range []struct {
		name, flag string
		field      *string
	}{
		{EnvironmentContext, FlagContext, &s.Context},
		{EnvironmentStack, FlagStack, &s.Stack},
		{EnvironmentQueueURL, FlagQueueURL, &s.QueueURL},
		{EnvironmentDeadLetter, FlagDeadLetterURL, &s.DeadLetterURL},
		{EnvironmentStateMachine, FlagStateMachine, &s.StateMachineARN},
		{EnvironmentTable, FlagTable, &s.Table},
		{EnvironmentTopic, FlagTopic, &s.TopicARN},
	} {
		if text, ok := lookup(v.name); ok && text != "" && !chosen(v.flag) {
			*v.field = text
		}
	}
	return s, nil
}
