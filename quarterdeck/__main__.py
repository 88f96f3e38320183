from quarterdeck.config.cli import main

if __name__ == "__main__":
    main()
