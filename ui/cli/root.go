package cli

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"orderops/config"
	"orderops/workflow"
)

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "orderops",
		Short: "Watch and operate an asynchronous order system on AWS",
		Long: "Orderops opens a dashboard on an order system: submit orders, watch their executions live, " +
			"inspect and redrive dead letters. With --local it brings its own AWS and needs no account.",
		Example: "orderops --local\n" +
			"orderops --profile shop --region eu-west-1\n" +
			"orderops submit --user Burger_20 --quantity 3 --restaurant \"Restaurant 4\"",
		Args: noStrays,
		RunE: p.do(p.dashboard),
	}
	s := &p.settings
	root.Flags().BoolVar(&s.Local, config.FlagLocal, s.Local, "run the order system on a local AWS in this process")
	root.Flags().StringVar(&s.Notify, config.FlagNotify, "", "bell, osc9 or off: how to tell that a followed order ended or dead letters grew; by default bell")
	root.Flags().DurationVar(&s.Refresh, config.FlagRefresh, 0, "least time between two polls of the same thing, such as 15s; never faster than by itself")
	root.Flags().Lookup(config.FlagRefresh).DefValue = ""
	p.knobs(root.Flags())

	shared := root.PersistentFlags()
	shared.SortFlags = false
	shared.StringVar(&s.Context, config.FlagContext, "", "context of the configuration file")
	shared.StringVar(&s.ConfigFile, config.FlagConfig, "", "configuration file; by default ~/.config/orderops/config.yaml")
	shared.StringVar(&s.Profile, config.FlagProfile, "", "named profile of the shared AWS configuration")
	shared.StringVar(&s.Region, config.FlagRegion, "", "region of the deployment")
	shared.StringVar(&s.EndpointURL, config.FlagEndpointURL, "", "use this endpoint instead of the one of AWS")
	shared.StringVar(&s.Stack, config.FlagStack, "", "name of the stack; by default the only one that fits")
	shared.BoolVar(&s.ReadOnly, config.FlagReadOnly, false, "refuse everything that changes something")
	shared.StringVar(&s.Theme, config.FlagTheme, "", "dark, light or auto: the colours; by default what the terminal has")
	shared.StringVar(&s.QueueURL, config.FlagQueueURL, "", "order queue, instead of the one in the stack")
	shared.StringVar(&s.DeadLetterURL, config.FlagDeadLetterURL, "", "queue of dead letters, instead of the one in the stack")
	shared.StringVar(&s.StateMachineARN, config.FlagStateMachine, "", "state machine by its ARN, instead of the one in the stack")
	shared.StringVar(&s.Table, config.FlagTable, "", "orders table, instead of the one in the stack")
	shared.StringVar(&s.TopicARN, config.FlagTopic, "", "notification topic by its ARN, instead of the one in the stack")

	root.AddCommand(
		p.local(shared), p.submit(), p.orders(), p.executions(), p.dlq(), p.apply(), p.trace(), p.consumer(), p.status(), p.doctor(), p.iam(), p.config(), p.audit(), p.man(), p.versionCommand(),
	)
	for _, cmd := range root.Commands() {
		if isGroup(cmd) {
			group(cmd)
		}
	}
	p.completing(root)
	return root
}

// knobs are the flags of the local AWS.
func (p *program) knobs(flags *pflag.FlagSet) {
	s := &p.settings
	flags.SortFlags = false
	flags.DurationVar(&s.Wait, config.FlagWait, 0, "local: how long an order waits after payment, such as 5s")
	flags.DurationVar(&s.Visibility, config.FlagVisibility, 0, "local: visibility timeout of the order queue, such as 10s")
	flags.Uint64Var(&s.Seed, config.FlagSeed, 0, "local: seed of ids and chances, to repeat a run")
	flags.Float64Var(&s.PaymentFailureRate, config.FlagPaymentFailureRate, s.PaymentFailureRate, "local: chance from 0 to 1 that a payment fails")
	flags.Float64Var(&s.RestaurantFailureRate, config.FlagRestaurantFailureRate, s.RestaurantFailureRate, "local: chance from 0 to 1 that a restaurant fails")
	flags.StringVar(&s.Scenario, config.FlagScenario, "", "local: rehearse an incident: the name of one that is built in, a file, or "+config.ScenarioList)
	flags.Float64Var(&s.OrderRate, config.FlagOrderRate, s.OrderRate, "local: how many orders arrive by themselves in a second")
	flags.Float64Var(&s.PoisonRate, config.FlagPoisonRate, s.PoisonRate, "local: share from 0 to 1 of arriving orders that nobody can read")
	flags.StringArrayVar(&s.Disturbances, config.FlagDisturb, nil,
		"local: add what goes wrong, such as \"throttle: states:*, share: 0.5, from: 30s\"; can be repeated")
	// By default the template's values, which are no numbers of ours.
	for _, name := range []string{
		config.FlagWait, config.FlagVisibility, config.FlagPaymentFailureRate, config.FlagRestaurantFailureRate,
		config.FlagOrderRate, config.FlagPoisonRate,
	} {
		flags.Lookup(name).DefValue = ""
	}
}

func (p *program) dashboard(ctx context.Context) error {
	if !p.streams.InTerminal || !p.streams.OutTerminal {
		return &workflow.Problem{
			Kind: workflow.Invalid, Operation: "open the dashboard",
			Reason: "the dashboard needs a terminal for its input and its output, and there is none",
			Next:   "Start it in a terminal, or use a command: orderops --help",
		}
	}
	return p.actions.Dashboard(ctx, p.settings)
}

func (p *program) local(shared *pflag.FlagSet) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "local",
		Short: "Serve the local AWS with the order system on it",
		Long: "Serves the local AWS with the order system deployed on a loopback address, " +
			"for other programs: orderops --endpoint-url http://" + config.DefaultListen + ", or the AWS CLI. Ends with ctrl+c.",
		Example: "orderops local --listen " + config.DefaultListen + "\n" +
			"orderops local --scenario " + config.ScenarioList,
		Args: cobra.NoArgs,
	}
	cmd.PreRun = func(*cobra.Command, []string) { p.settings.Local = true }
	cmd.RunE = p.do(p.serve)
	cmd.Flags().StringVar(&p.settings.Listen, config.FlagListen, p.settings.Listen, "loopback address to listen on")
	p.knobs(cmd.Flags())
	// The flags that choose a deployment are refused here, so its help hides them.
	shared.VisitAll(func(f *pflag.Flag) {
		hidden := *f
		hidden.Hidden = f.Name != config.FlagRegion
		cmd.Flags().AddFlag(&hidden)
	})
	return cmd
}

func (p *program) serve(ctx context.Context) error {
	return p.actions.Local(ctx, p.settings, p.streams.Out)
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			p.print("orderops %s\n", p.version())
			return nil
		},
	}
}
