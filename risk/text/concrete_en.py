"""English word lists: concrete words (what can be seen and touched) and general ones."""

CONCRETE = """
red blue green yellow black white brown orange purple pink grey gray silver gold golden beige navy
turquoise striped spotted wood wooden metal metallic plastic glass leather cotton steel iron
aluminium aluminum copper brass rubber paper cardboard stone marble brick concrete clay ceramic
porcelain wool silk linen denim nylon polyester velvet lace foam wax oil petrol diesel gasoline
coal sand mud dust rust mold mould head face eye eyes ear ears nose mouth lip lips tooth teeth
tongue throat neck shoulder shoulders arm arms elbow wrist finger fingers thumb chest rib ribs
waist hip hips knee knees leg legs ankle foot feet toe toes skin hair beard blood bone bones heart
stomach lung lungs liver kidney brain muscle door doors window windows wall walls floor roof
ceiling stairs staircase balcony porch gate fence table tables chair chairs sofa couch bench bed
mattress pillow blanket sheet curtain carpet rug shelf shelves drawer cupboard wardrobe mirror
lamp bulb candle clock vase sink toilet shower bathtub towel soap shampoo toothbrush razor comb
oven stove fridge freezer microwave kettle toaster dishwasher pan pot bowl plate plates cup mug
spoon fork knife jar tin lid tray bucket broom ladder hammer nail nails screw screws drill saw
rope chain wire hose pipe pipes tank valve hinge handle knob lock key keys box boxes bag bags
bottle bottles basket suitcase backpack wallet purse envelope stamp parcel label seal sticker
barcode receipt invoice shirt t-shirt blouse dress skirt jacket coat sweater hoodie jeans trousers
pants shorts socks sock shoe shoes boot boots sneakers sandals hat cap scarf glove gloves belt tie
collar sleeve sleeves cuff hem seam seams zipper zip button buttons strap straps buckle pocket
pockets lining stitching ring necklace bracelet earrings watch glasses sunglasses umbrella phone
phones iphone ipod ipad screen screens display battery batteries charger cable cables cord plug
socket adapter adaptor laptop keyboard keypad mouse monitor printer scanner router modem camera
lens tripod flash speaker speakers speakerphone headphone headphones earphones earbuds headset
microphone remote antenna chip disc discs disk cd cds dvd dvds mp3 usb hdmi bluetooth firmware
megapixel pixels led lcd wifi flap jack port ports slot wheel wheels tire tires tyre tyres engine
brake brakes clutch bumper windshield windscreen wiper headlight car cars truck trucks van bus
buses train trains subway tram taxi plane planes jet helicopter boat boats ship ships ferry bike
bikes bicycle motorcycle scooter road roads street streets avenue highway bridge tunnel river lake
pond creek bay harbor harbour port sea ocean beach island mountain mountains hill valley canyon
forest woods field fields farm garden park lawn tree trees leaf leaves branch flower flowers rose
roses grass bush seed seeds soil rock rocks snow rain fog hail storm thunder lightning flood
earthquake fire smoke ash dog dogs puppy cat cats kitten bird birds chicken duck goose pig pigs
cow cows sheep goat horse horses donkey rabbit mouse rat bear wolf fox lion lions tiger tigers
elephant elephants monkey snake frog fish shark whale spider ant ants bee bees butterfly mosquito
beef pork lamb bacon sausage ham steak burger fries salad soup stew pasta spaghetti noodles rice
bread toast sandwich pizza taco cheese butter milk cream yogurt egg eggs sauce ketchup sugar salt
pepper garlic onion onions potato potatoes tomato tomatoes carrot carrots cabbage spinach beans
corn mushroom apple apples banana bananas orange oranges lemon grape grapes strawberry peach cake
cookie cookies pie chocolate candy ice coffee tea juice beer wine whisky vodka baby mother father
mom mum dad daughter son sister brother aunt uncle cousin grandmother grandfather grandma grandpa
wife husband niece nephew bride neighbor neighbour roommate landlord doctor nurse dentist surgeon
lawyer attorney judge jury teacher professor principal librarian police policeman officer sheriff
detective soldier soldiers sailor pilot driver waiter waitress bartender cashier manager clerk
mechanic plumber electrician carpenter farmer fisherman cook chef baker butcher priest pastor
bishop nun mayor senator congressman governor president minister ambassador king queen prince
princess composer painter singer guitarist drummer pianist actor actress director novelist poet
reporter journalist editor engineer scientist biologist chemist physicist astronaut courier
mailman postman hospital clinic pharmacy church mosque temple cathedral museum library theater
theatre cinema stadium gym restaurant cafe bar pub bakery supermarket mall airport station
platform hotel motel apartment basement attic garage kitchen bathroom bedroom hallway corridor
lobby elevator escalator courtroom prison jail factory warehouse barn castle tower monument
fountain cemetery downtown suburb guitar piano violin drum drums trumpet flute ball bat racket net
goal puck helmet ticket tickets gun guns rifle pistol bullet bomb sword knife cigarette cigarettes
pill pills tablet vaccine needle bandage wheelchair crutches stain stains scratch scratches
scratched crack cracked cracks hole holes dent dented tear torn chip chipped bent leak leaking
leaked burn burned burnt melted frozen rotten soaked peeled shrank faded snapped jammed flickers
flickering buzzing rattles squeaks
"""

GENERAL = """
ability absence access account accounts achievement act action actions activity activities
addition administration advantage advice age agreement aim air alternative amount analysis answer
answers appearance application argument arguments art article arts association atmosphere attack
attempt attempts attention attitude audience author authority authorities background balance basis
beauty behavior behaviour belief beliefs benefit benefits body book books bottom business
businesses capacity care career category cause causes center centre chance chances character
characters choice choices circumstance circumstances citizens class client clients collection
comedy comment comments community communities competition complaint complaints computer concern
concerns condition conditions conflict connection consequence consequences consideration content
context contract contrast control conversation cost costs countries couple course creation crime
crisis culture current customer customers damage danger data date deal death debate decision
decisions degree demand demands design desire detail details device devices difference differences
difficulty direction discussion distance documentary drama dream dreams duty economy education
element elements emotion emotions emphasis end energy entertainment environment error errors event
events evidence example examples exchange existence expectation expectations explanation
expression extent fear fears feature features feeling feelings fiction field figure figures film
films force forces form forms freedom function functions future genre goal goals government
governments growth guide habit habits health heart help history hope hopes human humanity humor
humour image images imagination importance individual individuals industry information interest
interests investment job jobs journey joy judgment justice kids kid knowledge lack language law
laws leader leaders leadership lesson lessons limit limits list logic look loss luck majority
management manner market markets meaning means measure measures media member members memory
mention message messages method methods mind minds minor mission mistake mistakes model models
moment moments mood moral movement movies name names narrative nation nations nature need needs
network news note notice novel object objects office officials operation opinion opinions option
options organization origin original pain parent parents past patience pattern peace performance
performances period permission persona personality perspective phase picture pictures piece pieces
plan plans plot policies policy politics population position power practice presence pressure
price prices principle principles privilege process products production profit programs progress
project projects promise promises proof property proposal public purpose qualities range rate
ratio reaction reality record records reference reform regard relation relations relationship
relationships relief religion replacement request requests research resource resources respect
response responsibility rest return review reviews reward right rights risk risks role roles rule
rules sale sales scale scene scenes schedule science screenplay script search season section
security sense series session setting share sides sign signs silence skill skills society solution
solutions soul sound sounds source sources space speech speed spirit sport sports stage standard
standards star stars start state statement states status step steps stories strategy strength
stress structure struggle student students studies study style subject subjects success suggestion
support surface surprise systems talent talents task tasks taste team teams technology tension
term terms test tests text theme themes theory thought thoughts tone topic topics total tradition
treatment trend trip trouble trust truth understanding union unit units update updates user users
variety version versions victim victims view views violence vision voice vote votes war wars
weakness wealth weight welfare wish wishes woman women word words worker workers worth writer
writers youth accept accepted achieve adapt address admit admitted affect afford agree agreed
aimed allow allowed appreciate approach argue argued arise assess attempt attract avoid aware
based beat begin benefit blame break build built care cause caused challenge change changed check
checked choose chose claim combine compare compared complain complete concerned confirm connect
consider considered contain contains contribute convey create created deal decided define delivers
demonstrate depend depends describe described deserve designed develop developed discover discuss
eliminate emerge enable encourage ensure enter establish evoke exist expect expected explain
explore exploit express extend face fail failed fails focus forced forget forgot form gain
generate guarantee handle hear heard heading hold identify ignore imagine improve improved
increase increased indicate influence inform intend involve involved join judge keep lack lacks
laugh lies limit limited link listen listened lose lost maintain manage managed mention mentioned
missed move moved moves notice observe obtain occur occurs offer offers operate organize overcome
own participate perform plan plays possess prepare present press prevent proceed produce promote
protect prove proved pursue push raise reach realize received recognize reduce refer reflect
refuse refused regret relate rely remain remains remember remind remove replace represent resolve
respond result reveal reveals run running save seek select separate serve served serves shape
share solve spent spread stand starring stayed steps struggle succeed suffer suits supply support
suppose survive talk talked talking teach tend thank throw touch transform travel treat trust
turns understand unite update vary visit waste wonder worry wrote written absolute active actual
additional alive alone american annual appropriate apparent available aware bigger biggest brief
bright broad busy careful central certain cheap civil cold complex constant cultural daily dark
dead deep direct distinct domestic double due economic effective electronic empty entire equal
essential eventual exact expensive extra extreme failed familiar famous fast final financial firm
fit foreign formal former forward free frequent fresh full generous global grand greater half
happy heavy honest huge ideal illegal immediate independent initial inner instant international
joint kind latest legal likely live local lost loud lower massive medical mental military modern
multiple mutual narrow national natural near necessary negative normal obvious official ongoing
online open opposite ordinary particular perfect permanent personal physical plain political
popular positive potential powerful previous primary prime private proper quick quiet random ready
real recent regular related relevant religious responsible rich rough rural sad safe separate
serious severe sexual sharp short similar single slight slow social special specific standard
strange strict strong sudden sufficient suitable technical tiny tough traditional true typical
ultimate unique universal urban usual various vast violent vital warm weak wide wild wise worth
"""
