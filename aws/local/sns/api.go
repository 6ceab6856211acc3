package sns

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"orderops/aws/local/wire"
)

// pendingARN stands for the ARN of a subscription that is not confirmed.
const pendingARN = "PendingConfirmation"

// maxMessage is the most bytes of a message (Publish).
const maxMessage = 256 << 10

func (s *Service) operations() map[string]wire.QueryOperation {
	return map[string]wire.QueryOperation{
		"CreateTopic":              s.createTopic,
		"DeleteTopic":              s.deleteTopic,
		"ListTopics":               s.listTopics,
		"GetTopicAttributes":       s.getTopicAttributes,
		"Subscribe":                s.subscribe,
		"ConfirmSubscription":      s.confirmSubscription,
		"Unsubscribe":              s.unsubscribe,
		"ListSubscriptionsByTopic": s.listSubscriptionsByTopic,
		"Publish":                  s.publish,
	}
}

type topicResult struct {
	TopicArn string
}

type subscriptionResult struct {
	SubscriptionArn string
}

type listTopicsResult struct {
	Topics    members[topicResult]
	NextToken string `xml:",omitempty"`
}

// members is a list in the query protocol: <member> for each entry.
type members[T any] struct {
	Members []T `xml:"member"`
}

func (s *Service) createTopic(_ context.Context, form url.Values) (any, error) {
	attributes := map[string]string{}
	for i := 1; ; i++ {
		prefix := "Attributes.entry." + strconv.Itoa(i)
		if !form.Has(prefix + ".key") {
			break
		}
		attributes[form.Get(prefix+".key")] = form.Get(prefix + ".value")
	}
	arn, err := s.CreateTopic(form.Get("Name"), attributes)
	if err != nil {
		return nil, err
	}
	return topicResult{arn}, nil
}

func (s *Service) deleteTopic(_ context.Context, form url.Values) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.topics, form.Get("TopicArn")) // deleting a missing topic is no error
	return nil, nil
}

func (s *Service) listTopics(_ context.Context, form url.Values) (any, error) {
	s.mu.Lock()
	arns := make([]topicResult, 0, len(s.topics))
	for arn := range s.topics {
		arns = append(arns, topicResult{arn})
	}
	s.mu.Unlock()
	slices.SortFunc(arns, func(a, b topicResult) int { return cmp.Compare(a.TopicArn, b.TopicArn) })
	page, next, err := paged(arns, form.Get("NextToken"))
	return listTopicsResult{Topics: members[topicResult]{page}, NextToken: next}, err
}

// paged cuts a page of 100, as SNS does. The token is the offset.
func paged[T any](all []T, token string) (page []T, next string, err error) {
	const size = 100
	from := 0
	if token != "" {
		from, err = strconv.Atoi(token)
		if err != nil || from < 0 {
			return nil, "", invalid("NextToken")
		}
	}
	from = min(from, len(all))
	to := min(from+size, len(all))
	if to < len(all) {
		next = strconv.Itoa(to)
	}
	return all[from:to], next, nil
}

type entry struct {
	Key   string `xml:"key"`
	Value string `xml:"value"`
}

type attributesResult struct {
	Entries []entry `xml:"Attributes>entry"`
}

func (s *Service) getTopicAttributes(_ context.Context, form url.Values) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(form.Get("TopicArn"))
	if err != nil {
		return nil, err
	}
	confirmed := 0
	for _, sub := range t.subscriptions {
		if sub.token == "" {
			confirmed++
		}
	}
	result := attributesResult{Entries: []entry{
		{"TopicArn", t.arn},
		{"Owner", s.identity.Account},
		{"DisplayName", t.attributes["DisplayName"]},
		{"SubscriptionsConfirmed", strconv.Itoa(confirmed)},
		{"SubscriptionsPending", strconv.Itoa(len(t.subscriptions) - confirmed)},
		{"SubscriptionsDeleted", "0"},
	}}
	return result, nil
}

func (s *Service) subscribe(_ context.Context, form url.Values) (any, error) {
	if protocol := form.Get("Protocol"); protocol != "email" {
		return nil, &wire.Error{
			Type:    "InvalidParameter",
			Message: fmt.Sprintf("Invalid parameter: the local AWS has no protocol %q, only email", protocol),
		}
	}
	topicARN, address := form.Get("TopicArn"), form.Get("Endpoint")
	arn, err := s.SubscribeMail(topicARN, address, false)
	if err != nil {
		return nil, err
	}
	if s.pending(topicARN, arn) && form.Get("ReturnSubscriptionArn") != "true" {
		arn = "pending confirmation"
	}
	return subscriptionResult{arn}, nil
}

func (s *Service) pending(topicARN, arn string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(topicARN)
	return err == nil && slices.ContainsFunc(t.subscriptions, func(s *subscription) bool { return s.arn == arn && s.token != "" })
}

func (s *Service) confirmSubscription(_ context.Context, form url.Values) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(form.Get("TopicArn"))
	if err != nil {
		return nil, err
	}
	for _, sub := range t.subscriptions {
		if token := form.Get("Token"); token != "" && sub.token == token {
			sub.token = ""
			return subscriptionResult{sub.arn}, nil
		}
	}
	return nil, invalid("Token")
}

func (s *Service) unsubscribe(_ context.Context, form url.Values) (any, error) {
	arn := form.Get("SubscriptionArn")
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.topics {
		t.subscriptions = slices.DeleteFunc(t.subscriptions, func(s *subscription) bool { return s.arn == arn })
	}
	return nil, nil
}

type subscriptionMember struct {
	TopicArn        string
	Protocol        string
	SubscriptionArn string
	Owner           string
	Endpoint        string
}

type listSubscriptionsResult struct {
	Subscriptions members[subscriptionMember]
	NextToken     string `xml:",omitempty"`
}

func (s *Service) listSubscriptionsByTopic(_ context.Context, form url.Values) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(form.Get("TopicArn"))
	if err != nil {
		return nil, err
	}
	all := make([]subscriptionMember, 0, len(t.subscriptions))
	for _, sub := range t.subscriptions {
		m := subscriptionMember{TopicArn: t.arn, Protocol: "email", SubscriptionArn: sub.arn, Owner: s.identity.Account, Endpoint: sub.endpoint}
		if sub.token != "" {
			m.SubscriptionArn = pendingARN
		}
		all = append(all, m)
	}
	page, next, err := paged(all, form.Get("NextToken"))
	return listSubscriptionsResult{Subscriptions: members[subscriptionMember]{page}, NextToken: next}, err
}

type publishResult struct {
	MessageID string `xml:"MessageId"`
}

func (s *Service) publish(_ context.Context, form url.Values) (any, error) {
	message, subject := form.Get("Message"), form.Get("Subject")
	switch {
	case message == "":
		return nil, &wire.Error{Type: "InvalidParameter", Message: "Invalid parameter: Empty message"}
	case len(message) > maxMessage:
		return nil, &wire.Error{Type: "InvalidParameter", Message: "Invalid parameter: Message too long"}
	case !utf8.ValidString(message):
		return nil, invalid("Message")
	case form.Has("Subject") && !validSubject(subject):
		return nil, invalid("Subject")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(cmp.Or(form.Get("TopicArn"), form.Get("TargetArn")))
	if err != nil {
		return nil, err
	}
	id := s.identity.PassingID()
	for _, sub := range t.subscriptions {
		if sub.token == "" {
			s.deliver(Mail{To: sub.endpoint, Subject: cmp.Or(subject, "AWS Notification Message"), Body: message, TopicARN: t.arn, MessageID: id})
		}
	}
	return publishResult{MessageID: id}, nil
}

// validSubject is Publish's rule: at most 100 characters, ASCII, no line break
// or control character, and no space in front.
func validSubject(subject string) bool {
	if subject == "" || len(subject) > 100 || strings.HasPrefix(subject, " ") {
		return false
	}
	return !slices.ContainsFunc([]byte(subject), func(c byte) bool { return c < ' ' || c > '~' })
}
